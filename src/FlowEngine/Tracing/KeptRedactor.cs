namespace FlowEngine.Tracing;

/// <summary>Shared, thread-safe: the redactor of the secrets that were asked for last. To make one costs more than to use it, and the
/// connectors of a flow hold the same for as long as nobody changes them.</summary>
internal sealed class KeptRedactor
{
    private volatile Entry? _last;

    /// <summary>The redactor of these secrets: the one that is kept, where they are the same in the same order.</summary>
    public Redactor Of(IEnumerable<string> secrets)
    {
        var last = _last;
        if (last is null || !last.Secrets.SequenceEqual(secrets, StringComparer.Ordinal))
            _last = last = new Entry([.. secrets]);
        return last.Redactor;
    }

    private sealed class Entry(string[] secrets)
    {
        public string[] Secrets => secrets;

        public Redactor Redactor { get; } = new(secrets);
    }
}
