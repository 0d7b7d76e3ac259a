using System.Buffers.Text;
using System.Security.Cryptography;

namespace FlowEngine.AspNetCore.Web.Console;

/// <summary>Shared and immutable: a file of the built console, with its compressed forms where the build made them.</summary>
/// <param name="ContentType">Its type.</param>
/// <param name="Plain">Its bytes.</param>
/// <param name="Brotli">The same for browsers that take <c>br</c>; null for none.</param>
/// <param name="Gzip">The same for browsers that take <c>gzip</c>; null for none.</param>
internal sealed record ConsoleFile(string ContentType, byte[] Plain, byte[]? Brotli, byte[]? Gzip)
{
    /// <summary>The hash of its content.</summary>
    public string Hash { get; } = Base64Url.EncodeToString(SHA256.HashData(Plain).AsSpan(0, 12));

    /// <summary>The smallest form that a browser takes.</summary>
    /// <param name="acceptEncoding">Its header.</param>
    public (byte[] Content, string? Encoding) For(string acceptEncoding)
    {
        if (Brotli is not null && Takes(acceptEncoding, "br"))
            return (Brotli, "br");
        return Gzip is not null && Takes(acceptEncoding, "gzip") ? (Gzip, "gzip") : (Plain, null);
    }

    private static bool Takes(string acceptEncoding, string coding)
    {
        foreach (var item in acceptEncoding.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals(coding, StringComparison.OrdinalIgnoreCase))
                return parts.Length == 1 || parts[1] is not ("q=0" or "q=0.0" or "q=0.00" or "q=0.000");
        }
        return false;
    }
}
