namespace FlowEngine.Server.Engine;

/// <summary>A setting of the operator cannot be used. The command line reports it as <c>cli.setting</c>.</summary>
/// <param name="name">The setting, such as <c>Egress:StaticIps</c>.</param>
/// <param name="problem">What is wrong, without any secret.</param>
internal sealed class SettingsException(string name, string problem) : Exception($"{name}: {problem}")
{
    /// <summary>The setting.</summary>
    public string Name { get; } = name;
}
