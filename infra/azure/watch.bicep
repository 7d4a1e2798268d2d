// The log, and who is told when something is wrong.
// See main.bicep for what was and was not checked. The product writes one JSON object a line; the
// queries read its fields.

param name string
param location string
param alertMail string
param logDays int
param traces bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: '${name}-log'
  location: location
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: logDays
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-people'
  location: 'global'
  properties: {
    groupShortName: 'networking'
    enabled: true
    emailReceivers: [
      {
        name: 'it'
        emailAddress: alertMail
        useCommonAlertSchema: true
      }
    ]
  }
}

// When a round is booked, and when it is announced, the product logs the figures side by side. What
// somebody deleted in Outlook is respected, and counted beside what is booked.
resource differs 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-differs'
  location: location
  properties: {
    displayName: 'Planned, booked and announced differ'
    description: 'Somebody has an invitation and no card, or a group was planned and not booked. Run scheduler status, then scheduler reconcile.'
    severity: 1
    enabled: true
    scopes: [
      workspace.id
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppConsoleLogs_CL | extend line = parse_json(Log_s) | where (isnotnull(line.planned) and toint(line.planned) != toint(line.booked) + toint(line.removed_by_hand)) or (isnotnull(line.announced) and toint(line.announced) != toint(line.booked))'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
    skipQueryValidation: true
  }
}

resource errors 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-errors'
  location: location
  properties: {
    displayName: 'The scheduler logged an error'
    description: 'The line says what, where and what would be right.'
    severity: 2
    enabled: true
    scopes: [
      workspace.id
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppConsoleLogs_CL | extend line = parse_json(Log_s) | where line.level in ("error", "critical")'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
    skipQueryValidation: true
  }
}

resource failed 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-failed'
  location: location
  properties: {
    displayName: 'A run of the job failed'
    description: 'It is tried once more by itself, and again on schedule; nothing is booked twice.'
    severity: 2
    enabled: true
    scopes: [
      workspace.id
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppSystemLogs_CL | where JobName_s endswith "-job" and Reason_s in ("BackoffLimitExceeded", "DeadlineExceeded", "Error")'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
    skipQueryValidation: true
  }
}

resource silent 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-silent'
  location: location
  properties: {
    displayName: 'The job has not run for a day'
    description: 'It runs every quarter of an hour in working time; look at the job in the portal.'
    severity: 2
    enabled: true
    scopes: [
      workspace.id
    ]
    evaluationFrequency: 'PT1H'
    windowSize: 'P1D'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppConsoleLogs_CL | where ContainerGroupName_s contains "-job"'
          timeAggregation: 'Count'
          operator: 'LessThan'
          threshold: 1
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
    skipQueryValidation: true
  }
}

// Whatever keeps a command from beginning is one such line: a key that is missing, a database that
// cannot be reached. Nobody else would notice, for rounds are planned without workers too.
resource lame 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = {
  name: '${name}-lame'
  location: location
  properties: {
    displayName: 'A worker does not start'
    description: 'The line says what, where and what would be right; until then big rounds take longer.'
    severity: 3
    enabled: true
    scopes: [
      workspace.id
    ]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: 'ContainerAppConsoleLogs_CL | where ContainerAppName_s endswith "-worker" | where Log_s startswith "error: "'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: {
      actionGroups: [
        people.id
      ]
    }
    skipQueryValidation: true
  }
}

// Traces and metrics, where they are wanted: scheduler/telemetry says what is in them.
resource insights 'Microsoft.Insights/components@2020-02-02' = if (traces) {
  name: '${name}-traces'
  location: location
  kind: 'other'
  properties: {
    Application_Type: 'other'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    RetentionInDays: logDays
  }
}

output insightsConnection string = traces ? insights.properties.ConnectionString : ''
output workspace string = workspace.id
output workspaceName string = workspace.name
