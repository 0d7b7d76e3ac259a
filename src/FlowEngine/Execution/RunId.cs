using System.Buffers.Text;
using System.Security.Cryptography;

namespace FlowEngine.Execution;

/// <summary>Ids that nobody can guess. Stateless.</summary>
public static class RunId
{
    /// <summary>A new id: 144 random bits as 24 characters of base64url (RFC 4648, 5).</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[18];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
