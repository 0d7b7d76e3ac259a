using System.Net;

namespace FlowEngine.Database.Network;

/// <summary>Stateless: what may stand as a connector's host. The drivers understand more
/// (lists of hosts, ports, pipes), and what the guard has not read it cannot judge.</summary>
internal static class HostName
{
    /// <summary>Whether it is the path of a Unix socket or of its folder.</summary>
    public static bool IsSocket(string host) => host.StartsWith('/') && !host.AsSpan().ContainsAny(",;\0");

    /// <summary>Whether it is a name: letters, digits, hyphens, underscores and dots.</summary>
    public static bool IsName(string host) =>
        host.Length is > 0 and <= 253
        && char.IsLetterOrDigit(host[0])
        && !host.Contains("..", StringComparison.Ordinal)
        && host.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Whether an engine's connector may name it.</summary>
    public static bool IsUsable(string host, bool takesSockets, bool takesInstances)
    {
        if (takesInstances && host.IndexOf('\\', StringComparison.Ordinal) is > 0 and var slash)
            return IsName(host[(slash + 1)..]) && IsUsable(host[..slash], takesSockets: false, takesInstances: false);
        return IsName(host) || IPAddress.TryParse(host, out _) || (takesSockets && IsSocket(host));
    }
}
