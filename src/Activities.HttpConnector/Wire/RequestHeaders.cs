using System.Buffers;
using System.Collections;
using System.Net.Http.Headers;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per request, single-threaded. The headers of one request, each checked when it is set: names are RFC 9110 tokens, values are
/// RFC 9110 section 5.5 field values without controls, text outside ASCII is allowed and sent as UTF-8. A name set again, in any
/// case, replaces the earlier value. This is the only way a header gets onto the wire.
/// </summary>
public sealed class RequestHeaders : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    // Everything below SP but HTAB, and DEL: RFC 9110 lets none of them into a field value. C1 controls (U+0080 to U+009F) have
    // no business in a header either; some servers read their UTF-8 bytes as Latin-1.
    private static readonly SearchValues<char> ForbiddenInValue = SearchValues.Create([
        .. Enumerable.Range(0, 0xA0).Where(c => c is < 0x20 and not '\t' or >= 0x7F).Select(c => (char)c),
    ]);

    // Framing, routing and hop-by-hop fields belong to the transport: a template that sets one smuggles a request.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "http2-settings",
    };

    // Those that .NET refuses on a request's own headers.
    private static readonly HashSet<string> ContentHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "allow",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-location",
        "content-md5",
        "content-range",
        "content-type",
        "expires",
        "last-modified",
    };

    /// <summary>Of a message: whether a header is there several times.</summary>
    internal static readonly HttpRequestOptionsKey<bool> Repeats = new("FlowEngine.RepeatedHeaders");

    private static readonly Entry AcceptAll = new(ContentCodings.AcceptEncoding, ContentCodings.Accepted, Generated: true);

    private readonly List<Entry> _entries = [];

    /// <summary>How many headers there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a header, as it is sent; of one that is there several times all values, joined as RFC 9110 section 5.3
    /// says.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>The value, or null when it is not set.</returns>
    public string? this[string name] =>
        IndexOf(name) is not (>= 0 and var first) ? null
        : !HasRepeated ? _entries[first].Value
        : string.Join(", ", _entries.Where(entry => IsNamed(entry, name)).Select(entry => entry.Value));

    /// <summary>Whether a header is there several times.</summary>
    internal bool HasRepeated { get; private set; }

    /// <summary>Sets a header, in place of any earlier one of that name.</summary>
    /// <param name="name">The name: a token that is not one of the transport's own (host, content-length, connection …).</param>
    /// <param name="value">The value; spaces and tabs around it are dropped, as RFC 9110 section 5.5 says.</param>
    /// <returns>Null when set; otherwise the fault <c>http.header_invalid</c>, and nothing has changed.</returns>
    public HttpFault? Set(string name, string value) => Set(name, value, generated: false);

    /// <summary>Adds a header, beside earlier ones of that name.</summary>
    /// <param name="name">As for <see cref="Set(string, string)"/>.</param>
    /// <param name="value">As for <see cref="Set(string, string)"/>.</param>
    /// <param name="isCredential">Whether it holds a secret, which never goes to another origin.</param>
    /// <returns>Null when added; otherwise the fault <c>http.header_invalid</c>, and nothing has changed.</returns>
    public HttpFault? Add(string name, string value, bool isCredential = false)
    {
        if (Check(name, value) is { } fault)
            return fault;
        Append(new Entry(name, value.Trim(' ', '\t'), Generated: false, isCredential));
        return null;
    }

    /// <summary>Checks a header without setting it, for validation before a flow runs.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <returns>Null when <see cref="Set(string, string)"/> would accept it, else the fault <c>http.header_invalid</c>.</returns>
    public static HttpFault? Check(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters))
            return Invalid("A header name is empty or has a character that RFC 9110 does not allow. Use letters, digits and '-'.");
        if (Reserved.Contains(name))
            return Invalid($"The header '{name}' is set by the transport itself. Remove it from the headers.");
        if (value.AsSpan().ContainsAny(ForbiddenInValue))
            return Invalid($"The value of header '{name}' has a line break or another control character. Remove it, or encode the value.");
        if (HasLoneSurrogate(value))
            return Invalid($"The value of header '{name}' is not valid Unicode text.");
        return null;
    }

    /// <summary>Removes a header.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <returns>True when there was one.</returns>
    public bool Remove(string name) => _entries.RemoveAll(entry => IsNamed(entry, name)) > 0;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach (var entry in _entries)
            yield return new(entry.Name, entry.Value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Sets a header that proves who sends the request, or holds a
    /// secret: whatever its name, it never goes to another origin.</summary>
    public HttpFault? SetCredential(string name, string value) => Set(name, value, generated: false, credential: true);

    /// <summary>Sets a header that is made anew for each attempt, such as a timestamp or a signature.</summary>
    internal HttpFault? SetGenerated(string name, string value) => Set(name, value, generated: true);

    /// <summary>Copies the headers that are not made anew for each attempt.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="isWanted">Which of them, by name and by whether it is a credential.</param>
    internal void CopyGivenTo(RequestHeaders target, Func<string, bool, bool> isWanted)
    {
        foreach (var entry in _entries)
        {
            if (!entry.Generated && isWanted(entry.Name, entry.Credential))
                target.Append(entry);
        }
    }

    /// <summary>Whether a header proves who sends the request, or holds a secret.</summary>
    internal bool IsCredential(string name) => IndexOf(name) is >= 0 and var index && _entries[index].Credential;

    /// <summary>True when the header is absent or was made by <see cref="SetGenerated"/>: a retry must make it afresh.</summary>
    internal bool MayGenerate(string name) => IndexOf(name) is not (>= 0 and var index) || _entries[index].Generated;

    /// <summary>True when .NET will keep one of the headers on the content, so that even a bodiless request gets a content.</summary>
    internal bool HasContentHeader
    {
        get
        {
            foreach (var entry in _entries)
                if (ContentHeaders.Contains(entry.Name))
                    return true;
            return false;
        }
    }

    internal void CopyTo(HttpRequestMessage message)
    {
        foreach (var entry in HasRepeated ? Lines() : _entries)
        {
            if (!ContentHeaders.Contains(entry.Name))
                Add(message.Headers, entry);
            else
                Add((message.Content ??= new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty)).Headers, entry);
        }
        if (IndexOf(ContentCodings.AcceptEncoding) < 0)
            Add(message.Headers, AcceptAll);
    }

    /// <summary>Whether a header is set by the transport itself.</summary>
    internal static bool IsOfTransport(string name) => Reserved.Contains(name);

    internal static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenCharacters);

#pragma warning disable RS0030 // The one place that calls it: Set has refused CR, LF, NUL and bad names before.
    private static void Add(HttpHeaders headers, Entry entry)
    {
        if (!headers.TryAddWithoutValidation(entry.Name, entry.Value))
            throw new InvalidOperationException($"The header '{entry.Name}' was set but cannot be sent.");
    }
#pragma warning restore RS0030

    private HttpFault? Set(string name, string value, bool generated, bool credential = false)
    {
        if (Check(name, value) is { } fault)
            return fault;

        var entry = new Entry(name, value.Trim(' ', '\t'), generated, credential);
        if (HasRepeated)
            Remove(name);
        if (IndexOf(name) is >= 0 and var index)
            _entries[index] = entry;
        else
            _entries.Add(entry);
        return null;
    }

    private void Append(Entry entry)
    {
        HasRepeated |= IndexOf(entry.Name) >= 0;
        _entries.Add(entry);
    }

    /// <summary>The headers, those of one name in one: see <see cref="RepeatedField"/>.</summary>
    private List<Entry> Lines() =>
        [
            .. _entries
                .GroupBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                .Select(group => group.First() with { Value = string.Join(RepeatedField.Separator, group.Select(entry => entry.Value)) }),
        ];

    private static bool IsNamed(Entry entry, string name) => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase);

    private int IndexOf(string name)
    {
        for (var i = 0; i < _entries.Count; i++)
            if (IsNamed(_entries[i], name))
                return i;
        return -1;
    }

    private static bool HasLoneSurrogate(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 >= value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    private static HttpFault Invalid(string message) => new(HttpFaultCodes.HeaderInvalid, message);

    private readonly record struct Entry(string Name, string Value, bool Generated, bool Credential = false);
}
