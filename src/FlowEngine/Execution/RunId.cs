using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace FlowEngine.Execution;

/// <summary>Ids that nobody can guess. Stateless.</summary>
public static class RunId
{
    /// <summary>How many characters an id has.</summary>
    public const int Length = 24;

    /// <summary>Whether a text could have come from <see cref="New"/>: nobody needs to look for any other.</summary>
    public static bool IsWellFormed(string text) => text.Length == Length && IsPart(text);

    /// <summary>Whether a text may be a part of an id.</summary>
    public static bool IsPart(string text) => !text.AsSpan().ContainsAnyExcept(Characters);

    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>A new id: 144 random bits as 24 characters of base64url (RFC 4648, 5).</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[18];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
