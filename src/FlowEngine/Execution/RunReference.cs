using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Execution;

/// <summary>Stateless: the short name of a run that a person can read out and an operator finds it by: <c>7K3M-0QZD</c>.</summary>
/// <remarks>
/// It follows from the run's id and does not lead back to it: whoever knows it cannot go on with the run. 40 bits, so that among a million runs a new one shares its
/// reference with another about once in a million times; a search may give both.
/// </remarks>
public static class RunReference
{
    /// <summary>How many characters it has, the dash not counted.</summary>
    public const int Length = 8;

    // Crockford's base32: neither I, L, O nor U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The reference of a run: the first 40 bits of the SHA-256 of its id in Crockford's base32, with a dash in the middle.</summary>
    /// <param name="runId">The run's id.</param>
    public static string Of(string runId)
    {
        var code = CodeOf(runId);
        return string.Concat(code.AsSpan(0, Length / 2), "-", code.AsSpan(Length / 2));
    }

    /// <summary>The reference without its dash, as it is stored.</summary>
    /// <param name="runId">The run's id.</param>
    public static string CodeOf(string runId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(runId), hash);
        return string.Create(Length, BitsOf(hash), static (text, bits) =>
        {
            for (var i = 0; i < Length; i++)
                text[i] = Alphabet[(int)(bits >> (5 * (Length - 1 - i))) & 31];
        });
    }

    /// <summary>Reads a reference as somebody typed it: in any case, with or without dash and spaces, with O for 0 and I or L for 1.</summary>
    /// <param name="text">What was typed.</param>
    /// <returns>The reference without its dash; null when the text is none.</returns>
    public static string? Parse(string text)
    {
        Span<char> code = stackalloc char[Length];
        var count = 0;
        foreach (var character in text)
        {
            if (character is '-' or ' ')
                continue;
            var upper = char.ToUpperInvariant(character) switch
            {
                'O' => '0',
                'I' or 'L' => '1',
                var other => other,
            };
            if (count == Length || !Alphabet.Contains(upper, StringComparison.Ordinal))
                return null;
            code[count++] = upper;
        }
        return count == Length ? new string(code) : null;
    }

    private static long BitsOf(ReadOnlySpan<byte> hash)
    {
        var bits = 0L;
        for (var i = 0; i < 5; i++)
            bits = (bits << 8) | hash[i];
        return bits;
    }
}
