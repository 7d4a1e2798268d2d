// The job on a schedule (`scheduler run`) and the pages (`scheduler serve`), from one image.
// See main.bicep for what was and was not checked.

param name string
param location string
param image string
param identityId string
param clientId string
param registry string
param databaseUrl string
param signingSecrets string
param notesKeys string
param teamsAppId string
param signInAppId string
param address string
param insightsConnection string
param subnet string
param workspaceName string
param schedule string
param jobCores string
param jobMemory string
param webCores string
param webMemory string
param webReplicasMost int

// Whose word about a visitor's address is taken: the environment's ingress, which has addresses of
// these ranges. Try on a tenant first: the log of the pages must not name one address for everybody.
var ingressNetworks = '10.0.0.0/8,100.64.0.0/10'

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource runtime 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: '${name}-environment'
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: workspace.properties.customerId
        sharedKey: workspace.listKeys().primarySharedKey
      }
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnet
      internal: false
    }
    peerAuthentication: {
      mtls: {
        enabled: true
      }
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
  }
}

var ownAddress = empty(address) ? 'https://${name}-web.${runtime.properties.defaultDomain}' : address

resource job 'Microsoft.App/jobs@2024-03-01' = {
  name: '${name}-job'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: runtime.id
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Schedule'
      scheduleTriggerConfig: {
        cronExpression: schedule
        parallelism: 1
        replicaCompletionCount: 1
      }
      replicaTimeout: 14400
      replicaRetryLimit: 1
      registries: [
        {
          server: registry
          identity: identityId
        }
      ]
      secrets: [
        {
          name: 'database-url'
          keyVaultUrl: databaseUrl
          identity: identityId
        }
        {
          name: 'signing-secrets'
          keyVaultUrl: signingSecrets
          identity: identityId
        }
        {
          name: 'notes-keys'
          keyVaultUrl: notesKeys
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'scheduler'
          image: image
          args: [
            'run'
          ]
          resources: {
            cpu: json(jobCores)
            memory: jobMemory
          }
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: clientId
            }
            {
              name: 'AZURE_TENANT_ID'
              value: tenant().tenantId
            }
            {
              name: 'SCHEDULER_DATABASE_URL'
              secretRef: 'database-url'
            }
            {
              name: 'SCHEDULER_SECRETS'
              secretRef: 'signing-secrets'
            }
            {
              name: 'SCHEDULER_NOTES_KEYS'
              secretRef: 'notes-keys'
            }
            {
              name: 'SCHEDULER_TEAMS_APP_ID'
              value: teamsAppId
            }
            {
              name: 'SCHEDULER_ADDRESS'
              value: ownAddress
            }
            {
              name: 'SCHEDULER_SIGN_IN_APP_ID'
              value: signInAppId
            }
            {
              name: 'FORWARDED_ALLOW_IPS'
              value: ingressNetworks
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insightsConnection
            }
          ]
        }
      ]
    }
  }
}

resource web 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-web'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: runtime.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'auto'
        allowInsecure: false
        // What HR has computed is at hand in the replica that computed it.
        stickySessions: {
          affinity: 'sticky'
        }
      }
      registries: [
        {
          server: registry
          identity: identityId
        }
      ]
      secrets: [
        {
          name: 'database-url'
          keyVaultUrl: databaseUrl
          identity: identityId
        }
        {
          name: 'signing-secrets'
          keyVaultUrl: signingSecrets
          identity: identityId
        }
        {
          name: 'notes-keys'
          keyVaultUrl: notesKeys
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'scheduler'
          image: image
          args: [
            'serve'
            '--host'
            '0.0.0.0'
            '--port'
            '8080'
          ]
          resources: {
            cpu: json(webCores)
            memory: webMemory
          }
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: clientId
            }
            {
              name: 'AZURE_TENANT_ID'
              value: tenant().tenantId
            }
            {
              name: 'SCHEDULER_DATABASE_URL'
              secretRef: 'database-url'
            }
            {
              name: 'SCHEDULER_SECRETS'
              secretRef: 'signing-secrets'
            }
            {
              name: 'SCHEDULER_NOTES_KEYS'
              secretRef: 'notes-keys'
            }
            {
              name: 'SCHEDULER_TEAMS_APP_ID'
              value: teamsAppId
            }
            {
              name: 'SCHEDULER_ADDRESS'
              value: ownAddress
            }
            {
              name: 'SCHEDULER_SIGN_IN_APP_ID'
              value: signInAppId
            }
            {
              name: 'FORWARDED_ALLOW_IPS'
              value: ingressNetworks
            }
            {
              name: 'APPLICATIONINSIGHTS_CONNECTION_STRING'
              value: insightsConnection
            }
          ]
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/health'
                port: 8080
              }
              periodSeconds: 2
              failureThreshold: 15
            }
            {
              type: 'Liveness'
              httpGet: {
                path: '/health'
                port: 8080
              }
              periodSeconds: 30
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/ready'
                port: 8080
              }
              periodSeconds: 10
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: webReplicasMost
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '50'
              }
            }
          }
        ]
      }
    }
  }
}

output address string = ownAddress
output environmentId string = runtime.id
output ingressNetworks string = ingressNetworks
