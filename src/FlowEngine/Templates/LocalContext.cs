using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Templates;

/// <summary>Per execution and single-threaded: a context with one root more, which only the activity knows that makes it. See
/// <see cref="Settings.SettingAttribute.LocalRoots"/>.</summary>
/// <param name="outer">The context around it.</param>
/// <param name="local">The root.</param>
public sealed class LocalContext(ReadContext outer, ContextRoot local) : ReadContext
{
    private HashSet<(ErrorCode Code, string Message)>? _warned;

    /// <summary>The root's value. Default missing.</summary>
    public FlowValue Value { get; set; }

    /// <inheritdoc/>
    public override TimeProvider Time => outer.Time;

    /// <inheritdoc/>
    public override FlowValue Get(ContextRoot root) => root == local ? Value : outer.Get(root);

    /// <inheritdoc/>
    /// <remarks>Each once: what is tried again warns again.</remarks>
    public override void Warn(ErrorCode code, string message)
    {
        if ((_warned ??= []).Add((code, message)))
            outer.Warn(code, message);
    }

    /// <inheritdoc/>
    internal override void Warn(ErrorCode code, ContextPath path)
    {
        if ((_warned ??= []).Add((code, path.Text)))
            outer.Warn(code, path);
    }
}
