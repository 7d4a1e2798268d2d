// The registry that holds the image. No user name and password: identities alone.
// See main.bicep for what was and was not checked.

param name string
param location string
param sku string
param puller string

// Built-in role "AcrPull".
var pull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: name
  location: location
  sku: {
    name: sku
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
  // checkov:skip=CKV_AZURE_139: the workflow pushes from the internet; every call needs an Entra token
  // checkov:skip=CKV_AZURE_163: Microsoft Defender for Containers scans images; it is switched on for a subscription, not here
  // checkov:skip=CKV_AZURE_166: quarantine is a preview that no deployment waits for; the workflow signs images instead
}

resource mayPull 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, puller, pull)
  properties: {
    principalId: puller
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', pull)
  }
}

output name string = registry.name
output server string = registry.properties.loginServer
