namespace FlowEngine.Templates;

/// <summary>Shared and immutable: named templates in order, such as the headers or query of a request.</summary>
public sealed class TemplateMap
{
    private readonly KeyValuePair<string, Template>[] _entries;

    internal TemplateMap(KeyValuePair<string, Template>[] entries) => _entries = entries;

    /// <summary>The map without entries.</summary>
    public static TemplateMap Empty { get; } = new([]);

    /// <summary>The entries, in order.</summary>
    public ReadOnlySpan<KeyValuePair<string, Template>> Entries => _entries;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Length;
}
