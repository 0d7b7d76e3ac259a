using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Attempts;

/// <summary>Bound once, then read only: how often an activity may be tried for one account.</summary>
public sealed class AttemptLimitSettings
{
    /// <summary>The account.</summary>
    [Setting(
        "What tries are counted for: a text that names the account, such as {{form.email}}, whether it exists or not.",
        Required = true
    )]
    public Template Key { get; set; } = Template.Empty;

    /// <summary>The tries.</summary>
    [Setting("How many tries a window has; after the last failed one the outcome is Locked.", Minimum = 1, Maximum = 1000, Unit = "tries")]
    public int Tries { get; set; } = 10;

    /// <summary>The window.</summary>
    [Setting(
        "How long tries are counted together, and how long the first lock lasts: an "
            + "ISO 8601 duration of at most a day. Each further lock lasts twice as long."
    )]
    public string Window { get; set; } = "PT15M";
}
