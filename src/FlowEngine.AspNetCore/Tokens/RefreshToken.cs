using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Execution;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>
/// Shared and immutable: a refresh token: an opaque text of 88 characters that nobody but this server can read. It is no JWT, so nothing
/// that verifies session tokens against the key set ever takes it for one.
/// </summary>
/// <param name="Family">The login it descends from.</param>
/// <param name="Id">What tells it from the others of its family. What is stored is the hash of this.</param>
/// <remarks>
/// Family, id and a code (HMAC-SHA256, shortened to 128 bits) over both. The code tells a token that was ours once from one that somebody
/// made up: only the former can end a login when it comes a second time, and only the former costs a look into the database.
/// </remarks>
internal sealed record RefreshToken(string Family, string Id)
{
    private const int FamilySize = 18;
    private const int IdSize = 32;
    private const int CodeSize = 16;
    private const int Size = FamilySize + IdSize + CodeSize;

    /// <summary>The first token of a new login.</summary>
    public static RefreshToken New() => new(RunId.New(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdSize)));

    /// <summary>The token that takes its place: the same one however often
    /// it is asked for, and none that anybody else can compute.</summary>
    /// <param name="key">The server's key for successors.</param>
    public RefreshToken Next(byte[] key) =>
        this with
        {
            Id = Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Family}.{Id}"))),
        };

    /// <summary>The token as it is sent.</summary>
    /// <param name="key">The server's key for the code.</param>
    public string Write(byte[] key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Base64Url.DecodeFromChars(Family, bytes);
        Base64Url.DecodeFromChars(Id, bytes[FamilySize..]);
        WriteCode(key, bytes[..(FamilySize + IdSize)], bytes[(FamilySize + IdSize)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token that somebody sent.</summary>
    /// <returns>The token; null when this server never wrote it.</returns>
    public static RefreshToken? Read(string text, byte[] key)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> code = stackalloc byte[CodeSize];
        if (
            text.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var size) != OperationStatus.Done
            || size != Size
        )
            return null;
        WriteCode(key, bytes[..(FamilySize + IdSize)], code);
        return CryptographicOperations.FixedTimeEquals(code, bytes[(FamilySize + IdSize)..])
            ? new RefreshToken(Base64Url.EncodeToString(bytes[..FamilySize]), Base64Url.EncodeToString(bytes.Slice(FamilySize, IdSize)))
            : null;
    }

    private static void WriteCode(byte[] key, ReadOnlySpan<byte> content, Span<byte> code)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content, whole);
        whole[..CodeSize].CopyTo(code);
    }
}
