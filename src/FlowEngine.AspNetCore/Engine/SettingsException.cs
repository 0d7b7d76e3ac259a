namespace FlowEngine.AspNetCore.Engine;

/// <summary>A setting of the operator cannot be used. The command line reports it as <c>cli.setting</c>.</summary>
/// <param name="message">Which setting, and what is wrong with it; never a secret.</param>
internal sealed class SettingsException(string message) : Exception(message);
