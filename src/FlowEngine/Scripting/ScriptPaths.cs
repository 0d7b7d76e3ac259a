using Acornima.Ast;
using FlowEngine.Errors;
using SourceLocation = FlowEngine.Errors.SourceLocation;

namespace FlowEngine.Scripting;

/// <summary>Shared and immutable: a path of the context that a script names.</summary>
/// <param name="Root">The root.</param>
/// <param name="Parts">The key below it and, where the script names one, the member below that. No more: what follows may be JavaScript's
/// own, such as <c>length</c>.</param>
/// <param name="Use">What becomes of it when there is no value.</param>
/// <param name="IsShadowed">Whether the script also has a variable of the root's name, so that this may be no path at all.</param>
internal sealed record ScriptPath(string Root, IReadOnlyList<PathPart> Parts, PathUse Use, bool IsShadowed)
{
    /// <summary>The key.</summary>
    public string Key => Parts[0].ToString();

    /// <summary>The same as a reading at a place.</summary>
    public PathRead ReadAt(SourceLocation at) => new(Root, Parts, Use, at);
}

/// <summary>Finds the paths of the context that a script names, such as <c>client.tier</c>. What it computes (<c>client[name]</c>) is not
/// found. Stateless.</summary>
internal static class ScriptPaths
{
    /// <summary>What every object has by itself.</summary>
    private static readonly HashSet<string> OfEveryObject = new(StringComparer.Ordinal)
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
        "length",
    };

    /// <summary>The paths.</summary>
    /// <param name="script">The script's syntax tree.</param>
    /// <param name="roots">The names of the roots.</param>
    /// <returns>Each path once.</returns>
    public static IReadOnlyCollection<ScriptPath> In(Node script, IReadOnlyList<string> roots)
    {
        var found = new Dictionary<(string Root, PathPart Key, PathPart? Member), ScriptPath>();
        var variables = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<Node>();
        pending.Push(script);
        while (pending.TryPop(out var node))
        {
            AddVariables(node, variables);
            var inner = node;
            if (node is MemberExpression member && PathOf(member, roots, out inner) is { } path)
            {
                var place = (path.Root, path.Parts[0], path.Parts.Count > 1 ? path.Parts[1] : (PathPart?)null);
                if (!found.TryGetValue(place, out var known) || known.Use == PathUse.Question)
                    found[place] = path;
            }
            // Of a chain only what stands in its brackets: the shorter chains in it are no readings of their own.
            if (node is not MemberExpression)
            {
                foreach (var child in node.ChildNodes)
                    pending.Push(child);
                continue;
            }
            for (var part = node; part is MemberExpression { } link; part = link.Object)
            {
                if (link.Computed)
                    pending.Push(link.Property);
            }
            pending.Push(inner);
        }
        // "scripts.x && scripts.x.y": who looks whether the key is there may read its members.
        return
        [
            .. found.Values.Select(path =>
                path with
                {
                    IsShadowed = variables.Contains(path.Root),
                    Use = path.Parts.Count > 1 && found.ContainsKey((path.Root, path.Parts[0], null)) ? PathUse.Question : path.Use,
                }
            ),
        ];
    }

    /// <summary>The path that a chain of members is, from its root to where it computes a name.</summary>
    /// <param name="outermost">The last member of the chain.</param>
    /// <param name="roots">The names of the roots.</param>
    /// <param name="innermost">What the chain begins with.</param>
    private static ScriptPath? PathOf(MemberExpression outermost, IReadOnlyList<string> roots, out Node innermost)
    {
        var links = new Stack<MemberExpression>();
        innermost = outermost;
        while (innermost is MemberExpression link)
        {
            links.Push(link);
            innermost = link.Object;
        }
        if (innermost is not Identifier root || !roots.Contains(root.Name))
            return null;

        var parts = new List<PathPart>(2);
        // A missing key is nothing as long as nobody asks for its members.
        var use = PathUse.Question;
        while (parts.Count < 2 && links.TryPop(out var link) && PartOf(link) is { } part)
        {
            if (part.Name is { } name && OfEveryObject.Contains(name))
                break;
            parts.Add(part);
            if (parts.Count == 1 && links.TryPeek(out var next) && !next.Optional)
                use = PathUse.Value;
        }
        return parts.Count == 0 ? null : new ScriptPath(root.Name, parts, use, false);
    }

    private static PathPart? PartOf(MemberExpression member) =>
        member switch
        {
            { Computed: false, Property: Identifier name } => new PathPart(name.Name, 0),
            { Computed: true, Property: StringLiteral text } => new PathPart(text.Value, 0),
            { Computed: true, Property: NumericLiteral { Value: >= 0 and < int.MaxValue } number } when number.Value % 1 == 0 =>
                new PathPart(null, (int)number.Value),
            _ => null,
        };

    private static void AddVariables(Node node, HashSet<string> variables)
    {
        switch (node)
        {
            case IFunction function:
                foreach (var parameter in function.Params)
                    AddNames(parameter, variables);
                break;
            case VariableDeclarator declarator:
                AddNames(declarator.Id, variables);
                break;
            case CatchClause { Param: { } parameter }:
                AddNames(parameter, variables);
                break;
        }
    }

    private static void AddNames(Node pattern, HashSet<string> variables)
    {
        var pending = new Stack<Node>();
        pending.Push(pattern);
        while (pending.TryPop(out var node))
        {
            if (node is Identifier name)
                variables.Add(name.Name);
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
    }
}
