// One network: the containers, the database and the vault reach each other without the internet.
// See main.bicep for what was and was not checked.

param name string
param location string

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: '${name}-network'
  location: location
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.70.0.0/16'
      ]
    }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.70.0.0/23'
          networkSecurityGroup: {
            id: inner.id
          }
          delegations: [
            {
              name: 'apps'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: '10.70.2.0/28'
          networkSecurityGroup: {
            id: inner.id
          }
          delegations: [
            {
              name: 'database'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.70.2.32/28'
          networkSecurityGroup: {
            id: inner.id
          }
        }
      }
    ]
  }
}

// Azure's own rules: traffic inside the network, answers and the health of the load balancer come in;
// from the internet only what the ingress of the container environment takes.
resource inner 'Microsoft.Network/networkSecurityGroups@2024-01-01' = {
  name: '${name}-inner'
  location: location
  properties: {
    securityRules: [
      {
        name: 'pages'
        properties: {
          description: 'HTTPS to the pages, and from Teams and Graph'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '10.70.0.0/23'
          destinationPortRange: '443'
        }
      }
    ]
  }
}

resource databaseZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
}

resource databaseLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = {
  parent: databaseZone
  name: 'network'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

resource vaultZone 'Microsoft.Network/privateDnsZones@2020-06-01' = {
  name: 'privatelink.vaultcore.azure.net'
  location: 'global'
}

resource vaultLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = {
  parent: vaultZone
  name: 'network'
  location: 'global'
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network.id
    }
  }
}

output appsSubnet string = '${network.id}/subnets/apps'
output databaseSubnet string = '${network.id}/subnets/database'
output endpointSubnet string = '${network.id}/subnets/endpoints'
output databaseZone string = databaseZone.id
output vaultZone string = vaultZone.id
