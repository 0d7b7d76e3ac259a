using Acornima.Ast;

namespace FlowEngine.Scripting;

/// <summary>Finds the members of the context that a script names, such as <c>client.tier</c>. What it computes (<c>client[name]</c>) is not found. Stateless.</summary>
internal static class ScriptPaths
{
    /// <summary>The members.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="roots">The names of the roots.</param>
    /// <returns>Root and member, each pair once.</returns>
    public static IReadOnlyCollection<(string Root, string Member)> In(Node script, IReadOnlyList<string> roots)
    {
        var found = new HashSet<(string, string)>();
        var pending = new Stack<Node>();
        pending.Push(script);
        while (pending.TryPop(out var node))
        {
            if (node is MemberExpression { Object: Identifier root } member && roots.Contains(root.Name) && NameOf(member) is { } name)
                found.Add((root.Name, name));
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
        return found;
    }

    private static string? NameOf(MemberExpression member) => member switch
    {
        { Computed: false, Property: Identifier name } => name.Name,
        { Computed: true, Property: StringLiteral text } => text.Value,
        _ => null,
    };
}
