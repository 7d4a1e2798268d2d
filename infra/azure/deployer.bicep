// Who the GitHub workflow is in Azure: an identity that trusts one repository and one environment of
// it, may push images, and may change the job, the pages and the workers. It has no secret.
// See main.bicep for what was and was not checked.

param name string
param location string
param repository string
param workers int
param registryName string
param identityName string

// Built-in roles "AcrPush", "Contributor" and "Managed Identity Operator".
var push = '8311e382-0749-4cb8-b61a-304f252e45ec'
var contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
var assign = 'f1a07417-d97a-45cb-824c-7a7467783830'

resource deployer 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-deployer'
  location: location
}

resource trust 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: deployer
  name: 'github'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${repository}:environment:production'
    audiences: [
      'api://AzureADTokenExchange'
    ]
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource runtime 'Microsoft.App/managedEnvironments@2024-03-01' existing = {
  name: '${name}-environment'
}

resource job 'Microsoft.App/jobs@2024-03-01' existing = {
  name: '${name}-job'
}

resource web 'Microsoft.App/containerApps@2024-03-01' existing = {
  name: '${name}-web'
}

resource worker 'Microsoft.App/containerApps@2024-03-01' existing = {
  name: '${name}-worker'
}

resource mayPush 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, deployer.id, push)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', push)
  }
}

resource mayChangeJob 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: job
  name: guid(job.id, deployer.id, contributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
  }
}

resource mayChangeWeb 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: web
  name: guid(web.id, deployer.id, contributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
  }
}

resource mayChangeWorker 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (workers > 0) {
  scope: worker
  name: guid(worker.id, deployer.id, contributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
  }
}

// A changed job or app joins the environment and takes on the identity anew.
resource mayJoin 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: runtime
  name: guid(runtime.id, deployer.id, contributor)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
  }
}

resource mayAssign 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: identity
  name: guid(identity.id, deployer.id, assign)
  properties: {
    principalId: deployer.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', assign)
  }
}

output clientId string = deployer.properties.clientId
