#!/usr/bin/env bash
# Takes away what register.sh made (Azure CLI). Run `scheduler uninstall` first, while the product
# can still cancel the meetings ahead, and remove-mailboxes.ps1 for Exchange Online.
# Tried against a stand-in of `az` only, never against a tenant.
#
#   ./remove.sh [--name NAME] [--managed-identity PRINCIPAL_ID]
set -euo pipefail

GRAPH_APP=00000003-0000-0000-c000-000000000000
GRAPH=https://graph.microsoft.com/v1.0

fail() {
    echo "remove.sh: $1" >&2
    exit 2
}

name='Networking Scheduler'
identity=''
while (($#)); do
    (($# >= 2)) || fail "$1 needs a value, or is not known; the head of this file lists the options"
    case $1 in
        --name) name=$2 ;;
        --managed-identity) identity=$2 ;;
        *) fail "$1 is not known; the head of this file lists the options" ;;
    esac
    shift 2
done
[[ $name =~ ^[A-Za-z0-9\ _-]+$ ]] || fail "--name may hold letters, digits, spaces, _ and -"

if [[ -n $identity ]]; then
    graph=$(az ad sp show --id "$GRAPH_APP" --query id --output tsv)
    held=$(az rest --method GET --url "$GRAPH/servicePrincipals/$identity/appRoleAssignments" \
        --query "value[?resourceId=='$graph'].id" --output tsv)
    for assignment in $held; do
        az rest --method DELETE \
            --url "$GRAPH/servicePrincipals/$identity/appRoleAssignments/$assignment"
        echo "taken away: a right of the managed identity"
    done
fi
app=$(az ad app list --filter "displayName eq '$name'" --query '[0].appId' --output tsv)
if [[ -n $app ]]; then
    # The service principal and all its rights go with it; Entra ID keeps it 30 days for undo.
    az ad app delete --id "$app"
    echo "removed: the app registration $name"
else
    echo "There is no app registration named $name."
fi
