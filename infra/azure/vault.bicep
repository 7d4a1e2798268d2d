// The vault: the database's address with its password, the signing secrets and the keys of confidential
// texts, read by the product's identity alone.
// See main.bicep for what was and was not checked. Try on a tenant first: the container environment
// must reach the vault by its private address when it reads the secret.

param name string
param location string
param reader string
param databaseHost string
@secure()
param databasePassword string
@secure()
param signingSecrets string
@secure()
param notesKeys string
param subnet string
param zone string
param workspace string

// Built-in role "Key Vault Secrets User".
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take(name, 24)
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'AzureServices'
    }
  }
}

resource databaseUrl 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'database-url'
  properties: {
    contentType: 'SCHEDULER_DATABASE_URL'
    value: 'postgresql://scheduler:${databasePassword}@${databaseHost}:5432/scheduler?sslmode=require'
    attributes: {
      enabled: true
    }
  }
  // checkov:skip=CKV_AZURE_41: it would stop the product on that day; deploying with another password renews it
}

resource signing 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'signing-secrets'
  properties: {
    contentType: 'SCHEDULER_SECRETS'
    value: signingSecrets
    attributes: {
      enabled: true
    }
  }
  // checkov:skip=CKV_AZURE_41: it would stop the product on that day; a new one is added behind it
}

resource notes 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'notes-keys'
  properties: {
    contentType: 'SCHEDULER_NOTES_KEYS'
    value: notesKeys
    attributes: {
      enabled: true
    }
  }
  // checkov:skip=CKV_AZURE_41: it would stop the product on that day; a new one is added behind it
}

resource read 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, reader, secretsUser)
  properties: {
    principalId: reader
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-01-01' = {
  name: '${vault.name}-endpoint'
  location: location
  properties: {
    subnet: {
      id: subnet
    }
    privateLinkServiceConnections: [
      {
        name: 'vault'
        properties: {
          privateLinkServiceId: vault.id
          groupIds: [
            'vault'
          ]
        }
      }
    ]
  }
}

resource address 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = {
  parent: endpoint
  name: 'vault'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'vault'
        properties: {
          privateDnsZoneId: zone
        }
      }
    ]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'logs'
  properties: {
    workspaceId: workspace
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

output databaseUrl string = databaseUrl.properties.secretUri
output signingSecrets string = signing.properties.secretUri
output notesKeys string = notes.properties.secretUri
