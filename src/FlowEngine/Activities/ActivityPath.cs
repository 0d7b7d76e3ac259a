using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Shared and immutable: a path that stands in a setting of an activity, and leads on from a value that only the activity has:
/// <c>body.items</c> of an answer.</summary>
public sealed class ActivityPath
{
    private readonly ContextPath _path;

    private ActivityPath(ContextPath path) => _path = path;

    /// <summary>Compiles a setting; its problems are reported.</summary>
    /// <param name="text">The path, without a root.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="root">What the value is called in messages.</param>
    /// <param name="shape">What is known of the value.</param>
    /// <param name="compilation">The activity.</param>
    /// <returns>The path; null for one that is none.</returns>
    public static ActivityPath? Compile(string text, SourceLocation at, ContextRoot root, ValueShape shape, ActivityCompilation compilation)
    {
        if (text.Length == 0)
            return null;
        var name = root.ToString().ToLowerInvariant();
        var whole = text[0] == '[' ? name + text : $"{name}.{text}";
        if (!ContextPath.TryParse(whole, [name], out var path, out var problem))
        {
            compilation.Problems.Error(FlowErrors.Template, at, problem!.Message, "Write a path such as body.items.");
            return null;
        }
        compilation.CheckLocal(path!.ReadAt(at, PathUse.Value), shape);
        return new ActivityPath(path);
    }

    /// <summary>What it leads to, with the sensitive mark of everything that lies in; missing for nothing.</summary>
    /// <param name="value">The activity's value.</param>
    public FlowValue Evaluate(FlowValue value) => _path.From(value);
}
