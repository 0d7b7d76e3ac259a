using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>Shared and immutable: the codes of extensions. Each keeps the server from starting.</summary>
internal static class ExtensionErrors
{
    /// <summary>The folder is not there, or cannot be read.</summary>
    public static readonly ErrorCode Folder = new(
        "extension.folder",
        "The folder of extensions cannot be read.",
        "Correct Extensions:Folder, or take it out where there are no extensions."
    );

    /// <summary>Something in the folder is no extension.</summary>
    public static readonly ErrorCode Foreign = new(
        "extension.foreign",
        "What lies in the folder of extensions is none.",
        "Put NAME.dll, or a folder NAME with NAME.dll and what it needs, there, and nothing else; links out of the folder are not followed."
    );

    /// <summary>The extension belongs to another release.</summary>
    public static readonly ErrorCode Version = new(
        "extension.version",
        "An extension was built for another major version of FlowEngine.",
        "Build it against this version, or take it out of the folder."
    );

    /// <summary>The extension cannot be loaded.</summary>
    public static readonly ErrorCode Broken = new(
        "extension.broken",
        "An extension cannot be loaded, or failed while it registered its parts.",
        "Read the message; build the extension anew with all that it needs beside it, or take it out of the folder."
    );

    /// <summary>Two parts have one name.</summary>
    public static readonly ErrorCode Name = new(
        "extension.name",
        "An extension brings something whose name is taken.",
        "Give it another name; those of FlowEngine itself cannot be replaced."
    );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(ExtensionErrors));
}

/// <summary>The extensions cannot be used as they are; nothing starts. The message says which and why.</summary>
/// <param name="code">One of <see cref="ExtensionErrors"/>.</param>
/// <param name="message">Which, and why.</param>
/// <param name="inner">What was thrown.</param>
internal sealed class ExtensionException(ErrorCode code, string message, Exception? inner = null)
    : Exception($"{code.Code}: {message} {code.Advice}", inner)
{
    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; } = code;
}
