#!/usr/bin/env bash
# Registers the product in Entra ID with the fewest rights there are (Azure CLI).
# Tried against a stand-in of `az` only, never against a tenant. It can be run again: what is
# there already is left as it is.
#
#   In Azure, with the managed identity that infra/azure/ makes (no key at all):
#     ./register.sh --managed-identity PRINCIPAL_ID --redirect https://HOST/sign-in/answer
#   On a server of your own, with a certificate:
#     ./register.sh --certificate scheduler.pem --redirect https://HOST/sign-in/answer
#
#   --name NAME        the app's name, "Networking Scheduler" without it
#   --redirect URI     where Entra ID sends people back who sign in to the pages
#   --without RIGHT    leave out an optional right; may be given several times
#
# Needed of you: the roles Application Administrator and Privileged Role Administrator.
# Afterwards run limit-mailboxes.ps1: the right to calendars is given in Exchange Online,
# for the organiser mailboxes alone, and never here.
set -euo pipefail

GRAPH_APP=00000003-0000-0000-c000-000000000000
GRAPH=https://graph.microsoft.com/v1.0

permissions=(
    # permissions: begin
    'User.Read.All'         # optional: people can come from an HR export alone
    'Place.Read.All'        # optional: groups can meet at tables or online
    'GroupMember.Read.All'  # optional: audiences can be described without Entra groups
    # permissions: end
)

fail() {
    echo "register.sh: $1" >&2
    exit 2
}

name='Networking Scheduler'
redirect=''
certificate=''
identity=''
without=()
while (($#)); do
    (($# >= 2)) || fail "$1 needs a value, or is not known; the head of this file lists the options"
    case $1 in
        --name) name=$2 ;;
        --redirect) redirect=$2 ;;
        --certificate) certificate=$2 ;;
        --managed-identity) identity=$2 ;;
        --without) without+=("$2") ;;
        *) fail "$1 is not known; the head of this file lists the options" ;;
    esac
    shift 2
done
[[ $name =~ ^[A-Za-z0-9\ _-]+$ ]] || fail "--name may hold letters, digits, spaces, _ and -"
[[ -n $certificate || -n $identity ]] || fail "give --managed-identity or --certificate"
[[ -z $certificate || -z $identity ]] || fail "give --managed-identity or --certificate, not both"
[[ -z $certificate || -f $certificate ]] || fail "there is no file $certificate"
[[ -z $redirect || $redirect == https://* ]] || fail "--redirect must begin with https://"
for right in ${without[@]+"${without[@]}"}; do
    [[ " ${permissions[*]} " == *" $right "* ]] || fail "--without $right: it is not on the list"
done

app=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
if [[ -z $app ]]; then
    app=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg \
        --query appId --output tsv)
fi
# The roles by which the pages tell HR and administrators from everybody else.
az ad app update --id "$app" --app-roles '[
  {"id": "5b0f3c66-8f5d-4d0e-9c1b-6f4b4a6f7c11", "value": "HR", "displayName": "HR",
   "description": "Plans, approves and cancels rounds", "allowedMemberTypes": ["User"],
   "isEnabled": true},
  {"id": "c2a9d7d4-2f0e-4b57-8d3a-0f6f0c5b9a22", "value": "Administrator",
   "displayName": "Administrator", "description": "Sees the state of the service",
   "allowedMemberTypes": ["User"], "isEnabled": true}]'
if [[ -n $redirect ]]; then
    az ad app update --id "$app" --web-redirect-uris "$redirect"
fi
service=$(az ad sp list --filter "appId eq '$app'" --query '[0].id' --output tsv)
if [[ -z $service ]]; then
    service=$(az ad sp create --id "$app" --query id --output tsv)
fi

tenant=$(az account show --query tenantId --output tsv)
if [[ -n $certificate ]]; then
    principal=$service
    client=$app
    az ad app credential reset --id "$app" --cert "@$certificate" --append --output none
else
    principal=$identity
    client=$(az ad sp show --id "$identity" --query appId --output tsv)
    # The managed identity vouches for the app when people sign in: no secret to keep or to lose.
    held=$(az ad app federated-credential list --id "$app" \
        --query "[?subject=='$identity'].name | [0]" --output tsv)
    if [[ -z $held ]]; then
        az ad app federated-credential create --id "$app" --output none --parameters "{
            \"name\": \"managed-identity\", \"subject\": \"$identity\",
            \"issuer\": \"https://login.microsoftonline.com/$tenant/v2.0\",
            \"audiences\": [\"api://AzureADTokenExchange\"]}"
    fi
fi

graph=$(az ad sp show --id "$GRAPH_APP" --query id --output tsv)
for right in "${permissions[@]}"; do
    if [[ " ${without[*]-} " == *" $right "* ]]; then
        echo "left out: $right"
        continue
    fi
    role=$(az ad sp show --id "$GRAPH_APP" --output tsv \
        --query "appRoles[?value=='$right' && contains(allowedMemberTypes, 'Application')].id | [0]")
    [[ -n $role ]] || fail "Microsoft Graph has no application permission $right"
    held=$(az rest --method GET --url "$GRAPH/servicePrincipals/$principal/appRoleAssignments" \
        --query "value[?appRoleId=='$role'].id | [0]" --output tsv)
    if [[ -z $held ]]; then
        az rest --method POST --url "$GRAPH/servicePrincipals/$principal/appRoleAssignments" \
            --headers Content-Type=application/json --output none --body \
            "{\"principalId\": \"$principal\", \"resourceId\": \"$graph\", \"appRoleId\": \"$role\"}"
    fi
    echo "granted: $right"
done

cat <<TEXT

AZURE_TENANT_ID=$tenant
AZURE_CLIENT_ID=$client
SCHEDULER_SIGN_IN_APP_ID=$app

Now limit the mailboxes (PowerShell, Exchange Online):
  ./limit-mailboxes.ps1 -AppId $client -ObjectId $principal -Organisers networking@your.company
TEXT
