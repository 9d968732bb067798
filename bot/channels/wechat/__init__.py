"""WeChat: customer-service messages of a mini-program or an official account, and the API of the
mini-program's own pages."""
