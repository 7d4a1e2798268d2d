"""The Microsoft Graph client: sign-in, paging, batching, throttling, retries."""
