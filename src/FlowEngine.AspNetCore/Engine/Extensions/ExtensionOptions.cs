using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>Set while a program starts, then read only: the section <c>Extensions</c>.</summary>
public sealed record ExtensionOptions
{
    /// <summary>The folder of extensions. They are code with all rights of the program. Default null: none.</summary>
    [Setting(
        "The folder of extensions: assemblies with activity types, connector types and kinds of authentication of your own. "
            + "They are code with all rights of the server. See docs/extensions.md."
    )]
    public string? Folder { get; set; }
}
