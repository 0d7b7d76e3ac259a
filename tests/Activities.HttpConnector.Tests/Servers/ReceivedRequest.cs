using System.Net;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>Shared and immutable. A request as it stood on the wire.</summary>
internal sealed record ReceivedRequest(string Head, byte[] Body, IPAddress From)
{
    public string Method => Head.Split(' ', 2)[0];

    /// <summary>The request-target, byte for byte.</summary>
    public string Target => Head.Split("\r\n", 2)[0].Split(' ')[1];

    public string Text => Encoding.UTF8.GetString(Body);

    public IReadOnlyList<KeyValuePair<string, string>> Headers =>
        [
            .. Head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Skip(1)
                .Select(line => line.Split(": ", 2))
                .Select(pair => KeyValuePair.Create(pair[0].TrimEnd(':'), pair.Length > 1 ? pair[1] : "")),
        ];

    public string? Header(string name)
    {
        var values = Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        return values.Count switch
        {
            0 => null,
            1 => values[0],
            _ => throw new InvalidOperationException($"{name} was sent {values.Count} times"),
        };
    }
}
