using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Storage;

/// <summary>Stateless: what is stored of a random secret that only has to be
/// recognised: its SHA-256. Enough for 128 random bits, not for passwords.</summary>
internal static class SecretHash
{
    /// <summary>The hash as base64url.</summary>
    public static string Of(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
