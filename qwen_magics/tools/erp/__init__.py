"""An ERP as tools: Tryton by its JSON-RPC interface. Nothing is imported here: `service` needs httpx."""
