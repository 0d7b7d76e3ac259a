namespace FlowEngine.AspNetCore.Engine;

/// <summary>Settings of the operator cannot be used. The command line reports each problem as <c>cli.setting</c>.</summary>
/// <param name="problems">Which setting each, and what is wrong with it; never a secret.</param>
internal sealed class SettingsException(IReadOnlyList<string> problems) : Exception(string.Join(' ', problems))
{
    /// <summary>One setting cannot be used.</summary>
    public SettingsException(string problem)
        : this([problem]) { }

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
