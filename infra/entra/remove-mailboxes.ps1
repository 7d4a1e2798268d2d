# Takes away what limit-mailboxes.ps1 made in Exchange Online. Run `scheduler uninstall` first,
# while the product can still cancel the meetings ahead.
# Never run here, where there was no PowerShell and no tenant; its grammar is checked.
#
#   ./remove-mailboxes.ps1 -AppId ...
#Requires -Version 7.2
#Requires -Modules ExchangeOnlineManagement
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
param(
    [Parameter(Mandatory)] [guid] $AppId,
    [string] $Name = 'Networking Scheduler'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if (-not (Get-ConnectionInformation)) { Connect-ExchangeOnline -ShowBanner:$false }

foreach ($assignment in Get-ManagementRoleAssignment | Where-Object Name -Like "$Name - Application *") {
    if ($PSCmdlet.ShouldProcess($assignment.Name, 'Remove-ManagementRoleAssignment')) {
        Remove-ManagementRoleAssignment -Identity $assignment.Name -Confirm:$false
    }
}
foreach ($scope in Get-ManagementScope | Where-Object Name -EQ "$Name organisers") {
    if ($PSCmdlet.ShouldProcess($scope.Name, 'Remove-ManagementScope')) {
        Remove-ManagementScope -Identity $scope.Name -Confirm:$false
    }
}
foreach ($service in Get-ServicePrincipal | Where-Object AppId -EQ "$AppId") {
    if ($PSCmdlet.ShouldProcess($service.DisplayName, 'Remove-ServicePrincipal')) {
        Remove-ServicePrincipal -Identity $service.ObjectId -Confirm:$false
    }
}
Write-Output 'The product has no right to any mailbox any more.'
