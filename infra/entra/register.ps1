# Registers the product in Entra ID with the fewest rights there are (PowerShell).
# Does what register.sh does, for those who work with PowerShell. Never run here, where there was
# no PowerShell and no tenant; its grammar is checked. It can be run again: what is there already
# is left as it is.
#
#   In Azure, with the managed identity that infra/azure/ makes (no key at all):
#     ./register.ps1 -ManagedIdentity PRINCIPAL_ID -Redirect https://HOST/sign-in/answer
#   On a server of your own, with a certificate (its public half, .cer):
#     ./register.ps1 -Certificate scheduler.cer -Redirect https://HOST/sign-in/answer
#
# Needed: the modules Microsoft.Graph.Applications and Microsoft.Graph.Authentication, and the
# roles Application Administrator and Privileged Role Administrator.
# Afterwards run limit-mailboxes.ps1: the right to calendars is given in Exchange Online,
# for the organiser mailboxes alone, and never here.
#Requires -Version 7.2
[CmdletBinding()]
param(
    [ValidatePattern('^[A-Za-z0-9 _-]+$')] [string] $Name = 'Networking Scheduler',
    [ValidatePattern('^https://')] [string] $Redirect,
    [Parameter(Mandatory, ParameterSetName = 'Certificate')] [string] $Certificate,
    [Parameter(Mandatory, ParameterSetName = 'ManagedIdentity')] [guid] $ManagedIdentity,
    [string[]] $Without = @()
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$permissions = @(
    # permissions: begin
    'User.Read.All'         # optional: people can come from an HR export alone
    'Place.Read.All'        # optional: groups can meet at tables or online
    'GroupMember.Read.All'  # optional: audiences can be described without Entra groups
    # permissions: end
)
foreach ($right in $Without) {
    if ($right -notin $permissions) { throw "-Without ${right}: it is not on the list." }
}

Connect-MgGraph -NoWelcome -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'
$tenant = (Get-MgContext).TenantId

# The roles by which the pages tell HR and administrators from everybody else.
$roles = @(
    @{ Id = '5b0f3c66-8f5d-4d0e-9c1b-6f4b4a6f7c11'; Value = 'HR'; DisplayName = 'HR'
        Description = 'Plans, approves and cancels rounds'
        AllowedMemberTypes = @('User'); IsEnabled = $true }
    @{ Id = 'c2a9d7d4-2f0e-4b57-8d3a-0f6f0c5b9a22'; Value = 'Administrator'
        DisplayName = 'Administrator'; Description = 'Sees the state of the service'
        AllowedMemberTypes = @('User'); IsEnabled = $true }
)
$app = Get-MgApplication -Filter "displayName eq '$Name'" | Select-Object -First 1
if (-not $app) {
    $app = New-MgApplication -DisplayName $Name -SignInAudience 'AzureADMyOrg'
}
Update-MgApplication -ApplicationId $app.Id -AppRoles $roles
if ($Redirect) {
    Update-MgApplication -ApplicationId $app.Id -Web @{ RedirectUris = @($Redirect) }
}
$service = Get-MgServicePrincipal -Filter "appId eq '$($app.AppId)'"
if (-not $service) { $service = New-MgServicePrincipal -AppId $app.AppId }

if ($PSCmdlet.ParameterSetName -eq 'Certificate') {
    $principal = $service
    $path = (Resolve-Path $Certificate).Path
    $public = [Security.Cryptography.X509Certificates.X509Certificate2]::new($path)
    $keys = @($app.KeyCredentials | Where-Object { $_ })
    $key = @{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $public.RawData
        DisplayName = $public.Subject }
    Update-MgApplication -ApplicationId $app.Id -KeyCredentials ($keys + $key)
}
else {
    $principal = Get-MgServicePrincipal -ServicePrincipalId $ManagedIdentity
    # The managed identity vouches for the app when people sign in: no secret to keep or to lose.
    $held = Get-MgApplicationFederatedIdentityCredential -ApplicationId $app.Id |
        Where-Object Subject -EQ "$ManagedIdentity"
    if (-not $held) {
        New-MgApplicationFederatedIdentityCredential -ApplicationId $app.Id -BodyParameter @{
            Name      = 'managed-identity'
            Subject   = "$ManagedIdentity"
            Issuer    = "https://login.microsoftonline.com/$tenant/v2.0"
            Audiences = @('api://AzureADTokenExchange')
        } | Out-Null
    }
}

$graph = Get-MgServicePrincipal -Filter "appId eq '00000003-0000-0000-c000-000000000000'"
$held = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All
foreach ($right in $permissions) {
    if ($right -in $Without) { Write-Output "left out: $right"; continue }
    $role = $graph.AppRoles |
        Where-Object { $_.Value -eq $right -and $_.AllowedMemberTypes -contains 'Application' }
    if (-not $role) { throw "Microsoft Graph has no application permission $right." }
    if ($role.Id -notin $held.AppRoleId) {
        New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id `
            -PrincipalId $principal.Id -ResourceId $graph.Id -AppRoleId $role.Id | Out-Null
    }
    Write-Output "granted: $right"
}

Write-Output @"

AZURE_TENANT_ID=$tenant
AZURE_CLIENT_ID=$($principal.AppId)
SCHEDULER_SIGN_IN_APP_ID=$($app.AppId)

Now limit the mailboxes:
  ./limit-mailboxes.ps1 -AppId $($principal.AppId) -ObjectId $($principal.Id) ``
    -Organisers networking@your.company
"@
