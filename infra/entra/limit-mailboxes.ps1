# Gives the product its rights to mailboxes, for the organiser mailboxes and no others
# (RBAC for Applications in Exchange Online, which replaces application access policies).
# Never run here, where there was no PowerShell and no tenant; its grammar is checked.
# It can be run again, for instance after an organiser mailbox was added.
#
#   ./limit-mailboxes.ps1 -AppId ... -ObjectId ... `
#       -Organisers networking-1@your.company, networking-2@your.company -Outsider you@your.company
#
# AppId and ObjectId are printed by register.sh and register.ps1 (ObjectId is that of the service
# principal, not of the app registration). The organisers are those of config/organisation.yaml.
# Outsider is any other mailbox: the script shows that the product cannot open it.
#
# Needed: the module ExchangeOnlineManagement, and membership of Organization Management.
# A change can take up to two hours until Exchange Online follows it.
#Requires -Version 7.2
#Requires -Modules ExchangeOnlineManagement
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [guid] $AppId,
    [Parameter(Mandatory)] [guid] $ObjectId,
    [Parameter(Mandatory)] [ValidatePattern("^[^'\s@]+@[^'\s@]+$")] [string[]] $Organisers,
    [Parameter(Mandatory)] [string] $Outsider,
    [string[]] $Without = @(),
    [string] $Name = 'Networking Scheduler'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$permissions = @(
    # permissions: begin
    'Application Calendars.ReadWrite'
    'Application Mail.Send'  # optional: people whom Teams cannot reach are told by mail
    # permissions: end
)
foreach ($role in $Without) {
    if ($role -notin $permissions) { throw "-Without '$role': it is not on the list." }
    if ($role -eq $permissions[0]) { throw "The product cannot work without '$role'." }
}
if ($Outsider -in $Organisers) { throw '-Outsider must not be one of the organisers.' }

if (-not (Get-ConnectionInformation)) { Connect-ExchangeOnline -ShowBanner:$false }

if (-not (Get-ServicePrincipal | Where-Object AppId -EQ "$AppId")) {
    New-ServicePrincipal -AppId $AppId -ObjectId $ObjectId -DisplayName $Name | Out-Null
}

$scope = "$Name organisers"
$filter = ($Organisers | ForEach-Object { "PrimarySmtpAddress -eq '$_'" }) -join ' -or '
if (Get-ManagementScope | Where-Object Name -EQ $scope) {
    Set-ManagementScope -Identity $scope -RecipientRestrictionFilter $filter
}
else {
    New-ManagementScope -Name $scope -RecipientRestrictionFilter $filter | Out-Null
}

foreach ($role in $permissions) {
    if ($role -in $Without) { Write-Output "left out: $role"; continue }
    $assignment = "$Name - $role"
    if (-not (Get-ManagementRoleAssignment | Where-Object Name -EQ $assignment)) {
        New-ManagementRoleAssignment -Name $assignment -App $ObjectId -Role $role `
            -CustomResourceScope $scope | Out-Null
    }
    Write-Output "granted: $role, for $($Organisers.Count) mailbox(es)"
}

$wrong = 0
foreach ($mailbox in $Organisers + $Outsider) {
    $wanted = $mailbox -ne $Outsider
    foreach ($row in Test-ServicePrincipalAuthorization -Identity "$ObjectId" -Resource $mailbox) {
        $open = "$($row.InScope)" -eq 'True'
        if ($open -ne $wanted) {
            $wrong++
            Write-Warning ("{0} on {1}: InScope is {2}, it should be {3}." -f `
                    $row.RoleName, $mailbox, $row.InScope, $wanted)
        }
    }
}
if ($wrong) { throw "$wrong right(s) do not reach exactly the organiser mailboxes; see above." }
Write-Output 'Checked: the rights reach the organiser mailboxes, and not the outsider.'
