// The whole deployment: network, identity, vault, database, registry, job, pages, workers, alerts.
//
// `bicep build` was never run on these files, and they were never deployed: no Bicep compiler could
// be had where they were written. They are parsed, compared with the product's settings and checked
// by checkov on every change. Run `az bicep build --file main.bicep` and a what-if first:
//
//   az deployment group what-if --resource-group networking --template-file main.bicep \
//       --parameters @small.parameters.json alertMail=it@your.company \
//       --parameters databasePassword="$PASSWORD" signingSecrets="$SECRETS" notesKeys="$KEYS"
//
// with PASSWORD and SECRETS from a generator (`openssl rand -hex 24`; letters and digits), and KEYS
// from `scheduler keys new`. They are kept in the vault and nowhere else. Deploying again with others
// changes them: put the new signing secret behind the old one and a comma, so that cards already sent
// still work; a new key too, and then run `scheduler keys rotate`.

targetScope = 'resourceGroup'

@description('Begins the name of everything that is made here; lower-case letters and digits.')
@minLength(3)
@maxLength(11)
param name string = 'networking'

param location string = resourceGroup().location

@description('Who is told when something is wrong.')
param alertMail string

@description('Of the database; letters and digits.')
@secure()
@minLength(24)
param databasePassword string

@description('What cards and links are signed with; several are parted by commas, the newest last.')
@secure()
@minLength(32)
param signingSecrets string

@description('What confidential texts are encrypted with; several are parted by commas, the newest last.')
@secure()
@minLength(44)
param notesKeys string

@description('The app with which people sign in to the pages: SCHEDULER_SIGN_IN_APP_ID, as infra/entra/register prints it.')
param signInAppId string = ''

@description('Where people reach the pages, with https://; empty: under the name that Azure gives.')
param address string = ''

@description('Traces and metrics in Application Insights.')
param traces bool = false

@description('Cards in Teams; without, people have Outlook invitations alone.')
param teams bool = true

@description('With tag or digest. The first deployment makes the registry; push the image, then deploy again.')
param image string = ''

@description('OWNER/NAME of the repository whose workflow deploys new images; empty for none.')
param githubRepository string = ''

@description('When the job looks whether something is due: a cron expression, in UTC.')
param schedule string = '*/15 5-19 * * *'

param jobCores string = '1'
param jobMemory string = '2Gi'

@description('Processes that share the planning of big rounds. Back to 0: delete the app of the workers, too.')
@minValue(0)
@maxValue(64)
param workers int = 0

param workerCores string = '4'
param workerMemory string = '8Gi'

@description('When the workers come: a cron expression, in UTC, in which days begin for the product. Empty: they stay.')
param workersFrom string = '50 23 * * *'

@description('When the workers go.')
param workersUntil string = '0 2 * * *'

param webCores string = '0.5'
param webMemory string = '1Gi'

@minValue(1)
param webReplicasMost int = 1

param databaseSku string = 'Standard_B1ms'

@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param databaseTier string = 'Burstable'

param databaseGigabytes int = 32

@description('A second server in another zone that takes over.')
@allowed(['Disabled', 'ZoneRedundant'])
param databaseStandby string = 'Disabled'

@description('Days that the database can be set back by.')
@minValue(7)
@maxValue(35)
param backupDays int = 14

@description('Backups in a second region as well.')
@allowed(['Disabled', 'Enabled'])
param backupElsewhere string = 'Enabled'

@description('Basic is enough; Premium has replicas and a private address.')
@allowed(['Basic', 'Standard', 'Premium'])
param registrySku string = 'Standard'

param logDays int = 90

var suffix = uniqueString(resourceGroup().id)

// What the product is when it asks Graph, the vault and the registry. infra/entra/register.sh gives
// it its rights in the directory, limit-mailboxes.ps1 those in Exchange Online.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-identity'
  location: location
}

module network 'network.bicep' = {
  name: 'network'
  params: {
    name: name
    location: location
  }
}

module watch 'watch.bicep' = {
  name: 'watch'
  params: {
    name: name
    location: location
    alertMail: alertMail
    logDays: logDays
    traces: traces
  }
}

module database 'database.bicep' = {
  name: 'database'
  params: {
    name: '${name}-${suffix}'
    location: location
    password: databasePassword
    sku: databaseSku
    tier: databaseTier
    gigabytes: databaseGigabytes
    standby: databaseStandby
    backupDays: backupDays
    backupElsewhere: backupElsewhere
    subnet: network.outputs.databaseSubnet
    zone: network.outputs.databaseZone
    workspace: watch.outputs.workspace
  }
}

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    name: '${name}${suffix}'
    location: location
    reader: identity.properties.principalId
    databaseHost: database.outputs.host
    databasePassword: databasePassword
    signingSecrets: signingSecrets
    notesKeys: notesKeys
    subnet: network.outputs.endpointSubnet
    zone: network.outputs.vaultZone
    workspace: watch.outputs.workspace
  }
}

module registry 'registry.bicep' = {
  name: 'registry'
  params: {
    name: '${name}${suffix}'
    location: location
    sku: registrySku
    puller: identity.properties.principalId
  }
}

module apps 'apps.bicep' = if (!empty(image)) {
  name: 'apps'
  params: {
    name: name
    location: location
    image: image
    identityId: identity.id
    clientId: identity.properties.clientId
    registry: registry.outputs.server
    databaseUrl: vault.outputs.databaseUrl
    signingSecrets: vault.outputs.signingSecrets
    notesKeys: vault.outputs.notesKeys
    teamsAppId: teams ? identity.properties.clientId : ''
    signInAppId: signInAppId
    address: address
    insightsConnection: watch.outputs.insightsConnection
    subnet: network.outputs.appsSubnet
    workspaceName: watch.outputs.workspaceName
    schedule: schedule
    jobCores: jobCores
    jobMemory: jobMemory
    webCores: webCores
    webMemory: webMemory
    webReplicasMost: webReplicasMost
  }
}

module crew 'workers.bicep' = if (workers > 0 && !empty(image)) {
  name: 'workers'
  params: {
    name: name
    location: location
    environmentId: apps.outputs.environmentId
    image: image
    identityId: identity.id
    clientId: identity.properties.clientId
    registry: registry.outputs.server
    databaseUrl: vault.outputs.databaseUrl
    signingSecrets: vault.outputs.signingSecrets
    notesKeys: vault.outputs.notesKeys
    teamsAppId: teams ? identity.properties.clientId : ''
    signInAppId: signInAppId
    address: apps.outputs.address
    ingressNetworks: apps.outputs.ingressNetworks
    insightsConnection: watch.outputs.insightsConnection
    workers: workers
    cores: workerCores
    memory: workerMemory
    comeAt: workersFrom
    goAt: workersUntil
  }
}

module bot 'bot.bicep' = if (teams && !empty(image)) {
  name: 'bot'
  params: {
    name: name
    identityId: identity.id
    clientId: identity.properties.clientId
    address: apps.outputs.address
  }
}

module deployer 'deployer.bicep' = if (!empty(githubRepository) && !empty(image)) {
  name: 'deployer'
  params: {
    name: name
    location: location
    repository: githubRepository
    workers: workers
    registryName: registry.outputs.name
    identityName: identity.name
  }
  dependsOn: [
    apps
    crew
  ]
}

output tenantId string = tenant().tenantId
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
output registry string = registry.outputs.server
