namespace FlowEngine.Extensions;

/// <summary>
/// What an assembly adds to the engine: activity types, connector types, kinds of authentication. It is registered by one line of code, or
/// put into the folder that <c>Extensions:Folder</c> names, in an assembly with <see cref="ProvidesExtensionAttribute"/>. Needs a public
/// constructor without parameters. Called once when the engine starts, by one thread.
/// </summary>
public abstract class FlowEngineExtension
{
    /// <summary>Adds the parts.</summary>
    /// <param name="parts">Takes them.</param>
    public abstract void Register(ExtensionParts parts);
}

/// <summary>Says of an assembly that it is an extension. Without it a file in the folder of extensions is refused.</summary>
/// <param name="extension">A class of the assembly that derives from <see cref="FlowEngineExtension"/>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class ProvidesExtensionAttribute(Type extension) : Attribute
{
    /// <summary>The extension's class.</summary>
    public Type Extension { get; } = extension;
}
