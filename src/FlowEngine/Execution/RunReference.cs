using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Execution;

/// <summary>Stateless: the short name of a run that a person can read out and an operator finds it by: <c>7K3M-0QZD</c>.</summary>
/// <remarks>
/// It follows from the run's id and does not lead back to it: whoever knows it cannot go on with the run. It has 40 bits, so that one of a
/// million runs shares its reference with another about once in two times; a search gives both.
/// </remarks>
public static class RunReference
{
    /// <summary>How many characters it has, the dash not counted.</summary>
    public const int Length = 8;

    // Crockford's base32: neither I, L, O nor U.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The reference of a run: the first 40 bits of the SHA-256 of
    /// its id in Crockford's base32, with a dash in the middle.</summary>
    /// <param name="runId">The run's id.</param>
    public static string Of(string runId) =>
        string.Create(
            Length + 1,
            NumberOf(runId),
            static (text, bits) =>
            {
                for (var i = 0; i < Length; i++)
                    text[i < Length / 2 ? i : i + 1] = Alphabet[(int)(bits >> (5 * (Length - 1 - i))) & 31];
                text[Length / 2] = '-';
            }
        );

    /// <summary>The reference of a run as a number of 40 bits, as it is stored.</summary>
    /// <param name="runId">The run's id.</param>
    public static long NumberOf(string runId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(runId), hash);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) >> 24);
    }

    /// <summary>Reads a reference as somebody typed it: in any case, with
    /// or without dash and spaces, with O for 0 and I or L for 1.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="number">Its <see cref="NumberOf"/>.</param>
    /// <returns>Whether the text can be a reference.</returns>
    public static bool TryParse(string text, out long number)
    {
        number = 0;
        var count = 0;
        foreach (var character in text)
        {
            if (character is '-' or ' ')
                continue;
            var digit = char.ToUpperInvariant(character) switch
            {
                'O' => 0,
                'I' or 'L' => 1,
                var other => Alphabet.IndexOf(other, StringComparison.Ordinal),
            };
            if (digit < 0 || ++count > Length)
                return false;
            number = (number << 5) | (long)digit;
        }
        return count == Length;
    }
}
