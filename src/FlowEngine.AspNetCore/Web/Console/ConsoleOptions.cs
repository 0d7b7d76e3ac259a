using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Console;

/// <summary>Set while a program starts, then read only: the section <c>Console</c>.</summary>
public sealed record ConsoleOptions
{
    /// <summary>A folder with a built console, in the place of the program's own. Default null: the program's own.</summary>
    [Setting("A folder with a built console, in the place of the program's own.", Otherwise = "the one in the program")]
    public string? Folder { get; set; }

    /// <summary>Whether a draft is published by somebody else than who saved it last. Default false.</summary>
    [Setting(
        "Whether a draft is published by somebody else than who saved it last. People apply no flows from a folder then; pipelines, which "
            + "have the management key, do."
    )]
    public bool SecondPerson { get; set; }
}
