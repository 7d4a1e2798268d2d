// Workers that share the planning of big rounds (`scheduler work`), from the image of the job and the
// pages and with their settings. Nothing comes in. All do the same, and one of them may come to lead.
// Each may be stopped at any moment: SIGTERM ends it when it has done what it is at, within seconds,
// and whoever leads does the rest.
// See main.bicep for what was and was not checked. Try the scale rule on a tenant first.

param name string
param location string
param environmentId string
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
param ingressNetworks string
param insightsConnection string
param workers int
param cores string
param memory string
param comeAt string
param goAt string

resource worker 'Microsoft.App/containerApps@2024-03-01' = {
  name: '${name}-worker'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
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
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'scheduler'
          image: image
          args: [
            'work'
          ]
          resources: {
            cpu: json(cores)
            memory: memory
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
              value: address
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
      // All of them or, outside the hours, none.
      scale: {
        minReplicas: empty(comeAt) ? workers : 0
        maxReplicas: workers
        rules: empty(comeAt) ? [] : [
          {
            name: 'hours'
            custom: {
              type: 'cron'
              metadata: {
                timezone: 'Etc/UTC'
                start: comeAt
                end: goAt
                desiredReplicas: string(workers)
              }
            }
          }
        ]
      }
    }
  }
}
