using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Stateless: headers whose values are credentials by their nature, masked wherever a request is shown.</summary>
internal static class CredentialHeaders
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-auth-token",
        "x-access-token",
        "x-csrf-token",
    };

    public static bool Contains(string name) => Known.Contains(name);
}
