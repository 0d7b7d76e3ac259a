using System.Buffers;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Json;

namespace FlowEngine.Tracing;

/// <summary>
/// Shared and immutable: takes secrets out of what is shown. Marked values are masked whole; as a second line, the texts of known secrets
/// are masked wherever else they turn up (an upstream that echoes a password), plain, base64, URL-encoded or escaped. And of a text that is
/// the hash of a password, only the scheme is shown: whoever has the hash can try passwords at leisure.
/// </summary>
public sealed class Redactor
{
    /// <summary>Shorter secrets are masked only where they are marked: their text would occur everywhere.</summary>
    private const int MinLength = 4;

    /// <summary>A run that knows more secret texts than this, or longer ones, is told without any
    /// text at all: to look for each of them in everything would cost more than it tells.</summary>
    private const int MaxSecrets = 1_000;

    private const int MaxCharacters = 256 * 1024;

    private readonly HashSet<string> _needles;
    private readonly int[] _lengths;
    private readonly SearchValues<string>? _search;
    private readonly bool _masksAll;

    /// <summary>Makes a redactor for these secrets.</summary>
    /// <param name="secrets">Their texts.</param>
    /// <param name="ignoresCase">Whether they are found in capitals and small letters alike: for one who may have changed them. Default
    /// false.</param>
    public Redactor(IEnumerable<string> secrets, bool ignoresCase = false)
    {
        string[] known = [.. secrets.Where(secret => secret.Length >= MinLength)];
        _masksAll = known.Length > MaxSecrets || known.Sum(secret => (long)secret.Length) > MaxCharacters;
        _needles = (_masksAll ? Enumerable.Empty<string>() : known.SelectMany(FormsOf)).ToHashSet(
            ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal
        );
        _lengths = [.. _needles.Select(needle => needle.Length).Distinct().OrderDescending()];
        _search =
            _needles.Count == 0
                ? null
                : SearchValues.Create([.. _needles], ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    /// <summary>A redactor for what a run has seen and what the connectors hold.</summary>
    /// <param name="context">The run's context: every marked value in it counts.</param>
    /// <param name="trace">Its trace: likewise.</param>
    /// <param name="connectorSecrets">What the connectors hold.</param>
    /// <param name="kept">Where that of the connectors alone is kept: most runs know no other secret.</param>
    internal static Redactor For(FlowValue context, IEnumerable<TraceStep> trace, IEnumerable<string> connectorSecrets, KeptRedactor kept)
    {
        HashSet<string>? secrets = null;
        Collect(context, ref secrets);
        foreach (var step in trace)
            Collect(step, ref secrets);
        if (secrets is null)
            return kept.Of(connectorSecrets);
        secrets.UnionWith(connectorSecrets);
        return new Redactor(secrets);
    }

    /// <summary>The value without secrets.</summary>
    // Nearly all values hold none: they stay what they are, without a copy.
    public FlowValue Redact(FlowValue value) => _masksAll || NeedsRedaction(value) ? Redacted(value) : value;

    private FlowValue Redacted(FlowValue value)
    {
        if (value.IsSensitive)
            return FlowValue.From(JsonWriting.Mask);
        if (value.TryGetText(out var text))
            return FlowValue.From(Redact(text));
        if (value.TryGetArray(out var array))
            return FlowValue.Array(array.Select(Redacted));
        if (!value.TryGetObject(out var obj))
            return value;

        var redacted = new FlowObjectBuilder(obj.Count);
        foreach (var (name, member) in obj)
        {
            if (!member.IsMissing)
                redacted.Set(Redact(name), Redacted(member));
        }
        return FlowValue.From(redacted.Build());
    }

    /// <summary>The text without secrets.</summary>
    public string Redact(string text)
    {
        if (PasswordHash.SchemeLength(text) is > 0 and var scheme)
            return text[..scheme] + JsonWriting.Mask;
        if (_masksAll && text.Length >= MinLength)
            return JsonWriting.Mask;
        if (_search is null)
            return text;
        var first = text.AsSpan().IndexOfAny(_search);
        return first < 0 ? text : Mask(text, first, _search);
    }

    /// <summary>Masks every stretch that a secret covers, those that overlap as one;
    /// each character is looked at once, however many secrets there are.</summary>
    private string Mask(string text, int next, SearchValues<string> search)
    {
        var needles = _needles.GetAlternateLookup<ReadOnlySpan<char>>();
        var masked = new StringBuilder(text.Length);
        var (position, end) = (0, 0);
        while (next >= 0)
        {
            if (next >= end)
            {
                masked.Append(text, position, next - position).Append(JsonWriting.Mask);
                position = next;
            }
            end = Math.Max(end, next + LengthAt(text.AsSpan(next), needles));
            position = end;
            var rest = text.AsSpan(next + 1).IndexOfAny(search);
            next = rest < 0 ? -1 : next + 1 + rest;
        }
        return masked.Append(text, position, text.Length - position).ToString();
    }

    /// <summary>The length of the longest secret that the text begins with.</summary>
    private int LengthAt(ReadOnlySpan<char> text, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> needles)
    {
        foreach (var length in _lengths)
        {
            if (length <= text.Length && needles.Contains(text[..length]))
                return length;
        }
        return 1;
    }

    /// <summary>Whether there is anything in a value that <see cref="Redacted"/> would change. Each text is looked at once.</summary>
    private bool NeedsRedaction(FlowValue value)
    {
        if (value.IsSensitive)
            return true;
        if (value.TryGetText(out var text))
            return HoldsSecret(text);
        if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
            {
                if (NeedsRedaction(item))
                    return true;
            }
            return false;
        }
        if (!value.TryGetObject(out var obj))
            return false;
        var members = obj.Values;
        for (var i = 0; i < members.Length; i++)
        {
            if (NeedsRedaction(members[i]) || (!members[i].IsMissing && HoldsSecret(obj.Shape.Names[i])))
                return true;
        }
        return false;
    }

    /// <summary>Whether a text has something to take out.</summary>
    private bool HoldsSecret(string text) =>
        PasswordHash.SchemeLength(text) > 0 || (_search is not null && text.AsSpan().ContainsAny(_search));

    private static IEnumerable<string> FormsOf(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal);
        yield return System.Net.WebUtility.UrlEncode(secret);
        yield return JsonWriting.ToText(FlowValue.From(secret))[1..^1];
        yield return System.Net.WebUtility.HtmlEncode(secret);
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        yield return base64;
        yield return base64.TrimEnd('=');
        yield return base64.TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static void Collect(TraceStep step, ref HashSet<string>? secrets)
    {
        Collect(step.Input, ref secrets);
        Collect(step.Output, ref secrets);
        foreach (var child in step.Children)
            Collect(child, ref secrets);
    }

    private static void Collect(FlowValue value, ref HashSet<string>? secrets, bool sensitive = false)
    {
        if (!sensitive && !value.ContainsSensitive())
            return;
        sensitive |= value.IsSensitive;
        if (value.TryGetText(out var text))
        {
            if (sensitive)
                (secrets ??= new HashSet<string>(StringComparer.Ordinal)).Add(text);
        }
        else if (value.TryGetArray(out var array))
        {
            foreach (var item in array)
                Collect(item, ref secrets, sensitive);
        }
        else if (value.TryGetObject(out var obj))
        {
            foreach (var (_, member) in obj)
                Collect(member, ref secrets, sensitive);
        }
    }
}
