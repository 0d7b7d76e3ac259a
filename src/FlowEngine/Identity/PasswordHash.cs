using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Identity;

/// <summary>Whether a password fits a stored hash.</summary>
public enum PasswordMatch
{
    /// <summary>It does not.</summary>
    No,

    /// <summary>It does.</summary>
    Yes,

    /// <summary>The stored hash has an unknown format, or asks for more work than is allowed. Never a match.</summary>
    Unusable,
}

/// <summary>
/// Makes and verifies password hashes: Argon2id (RFC 9106, in PHC string format), bcrypt (<c>$2a$</c>, <c>$2b$</c>, <c>$2y$</c>) and
/// ASP.NET Identity v3 (PBKDF2). Stateless.
/// </summary>
/// <remarks>
/// Each call keeps a processor busy for tens of milliseconds and takes 19 MiB, on the thread that makes it. So servers make it on threads
/// of its own, <see cref="Workers"/> or others: see <see cref="FairWorkers"/>.
/// </remarks>
public static class PasswordHash
{
    private const int ShortestHash = 20;
    private const int LongestScheme = 24;

    /// <summary>Base64 of the format's number and of a pseudorandom function's below 2^16: version 3.</summary>
    private const string IdentityMark = "AQAAAA";

    private const int ShortestIdentityHash = 64;

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>How many passwords may wait for each thread: the last one for about a second.</summary>
    private const int QueuedByThread = 16;

    /// <summary>
    /// Where the passwords of flows are hashed unless <see cref="RunServices.PasswordWorkers"/> says otherwise: a third more threads than
    /// processors, at least two, with 16 places each for those that wait. So one network, which has three quarters of the threads, may keep
    /// each processor busy when nobody else is there, and yet there is a thread for the others at once.
    /// </summary>
    public static FairWorkers Workers { get; } = new("password hashes", Threads, Threads * QueuedByThread);

    private static int Threads => Math.Max(2, ((Environment.ProcessorCount * 4) + 2) / 3);

    /// <summary>Hashes a password with Argon2id, a random salt and the
    /// parameters that OWASP recommends (19 MiB, 2 passes, 1 lane).</summary>
    /// <returns>A PHC string: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>.</returns>
    /// <exception cref="ArgumentException">The password is empty.</exception>
    public static string Create(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        return Argon2Hash.Create(Encoding.UTF8.GetBytes(password), RandomNumberGenerator.GetBytes(16));
    }

    /// <summary>How much of a text names the scheme of the password hash that it is: <c>$argon2id$</c>, <c>$2b$12$</c>, or the first six
    /// characters of an ASP.NET Identity hash. For other formats of the same family (<c>$scrypt$</c>,
    /// <c>$6$</c> and the like) as well, although they are never verified here.</summary>
    /// <returns>The length of that part; 0 when the text is no password hash.</returns>
    public static int SchemeLength(string text)
    {
        if (text.Length < ShortestHash)
            return 0;
        if (text[0] == '$')
        {
            var scheme = text.AsSpan(1, Math.Min(LongestScheme, text.Length - 1));
            var end = scheme.IndexOf('$');
            if (end <= 0 || scheme[..end].ContainsAnyExcept(SchemeCharacters))
                return 0;
            // bcrypt tells its cost before the salt.
            return scheme[0] == '2' && text.Length > end + 4 && text[end + 4] == '$' ? end + 5 : end + 2;
        }
        return text.Length >= ShortestIdentityHash && text.StartsWith(IdentityMark, StringComparison.Ordinal) && Base64.IsValid(text)
            ? IdentityMark.Length
            : 0;
    }

    /// <summary>Compares a password with a stored hash, in constant time.</summary>
    /// <param name="password">What was entered.</param>
    /// <param name="hash">What is stored. When it is empty or cannot be used, a hash is computed all the same, so that the time tells
    /// nothing where all stored hashes are such as <see cref="Create"/> makes.</param>
    public static PasswordMatch Verify(string password, string hash) => Verify(password, hash, Argon2Hash.Decoy);

    /// <summary>Compares a password with a stored hash; without one that can be used, with the decoy, which never matches.</summary>
    internal static PasswordMatch Verify(string password, string hash, string decoy)
    {
        ArgumentNullException.ThrowIfNull(password);
        ArgumentNullException.ThrowIfNull(hash);
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            // Nobody signs in without a password, whatever is stored.
            var result = password.Length == 0 || hash.Length == 0 ? PasswordMatch.No : Compare(password, bytes, hash);
            if (result == PasswordMatch.Unusable || hash.Length == 0 || password.Length == 0)
                Compare(password, bytes, decoy);
            return result;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>What it costs to compare a password with a hash; null when there is none that can be used, which matches nobody.</summary>
    internal static PasswordWork? WorkOf(string hash) =>
        SchemeOf(hash) switch
        {
            Scheme.Argon2 => Argon2Hash.WorkOf(hash),
            Scheme.Bcrypt => BcryptHash.WorkOf(hash),
            _ => IdentityHash.WorkOf(hash),
        };

    private static PasswordMatch Compare(string password, byte[] bytes, string hash) =>
        SchemeOf(hash) switch
        {
            Scheme.Argon2 => Argon2Hash.Verify(bytes, hash),
            Scheme.Bcrypt => BcryptHash.Verify(password, hash),
            _ => IdentityHash.Verify(bytes, hash),
        };

    private static Scheme SchemeOf(string hash) =>
        hash.StartsWith("$argon2id$", StringComparison.Ordinal) ? Scheme.Argon2
        : hash.StartsWith("$2", StringComparison.Ordinal) ? Scheme.Bcrypt
        : Scheme.Identity;

    private enum Scheme
    {
        Argon2,
        Bcrypt,
        Identity,
    }
}
