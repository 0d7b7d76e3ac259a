using FlowEngine.Context;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Stateless: bytes as a text in base64 (RFC 4648 section 4, or 5 as URLs have it), with or without padding, and behind the
/// beginning of a data URL.</summary>
internal static class Base64Body
{
    /// <summary>Reads the bytes.</summary>
    public static bool TryRead(FlowValue value, out byte[]? content)
    {
        content = null;
        if (!value.TryGetText(out var text))
            return false;
        var comma = text.StartsWith("data:", StringComparison.Ordinal) ? text.IndexOf(";base64,", StringComparison.Ordinal) : -1;
        var plain = (comma < 0 ? text : text[(comma + ";base64,".Length)..]).Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var buffer = new byte[plain.Length];
        var padded = plain.PadRight((plain.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64String(padded, buffer, out var length))
            return false;
        content = buffer[..length];
        return true;
    }
}
