using Acornima.Ast;

namespace FlowEngine.Scripting;

/// <summary>Per compilation: what a script's syntax tree says about which built-ins it can reach.</summary>
internal sealed class ScriptNames
{
    /// <summary>What lets a script reach a built-in without its name standing in the source.</summary>
    private static readonly string[] Reflective =
    [
        "globalThis",
        "Reflect",
        "getOwnPropertyDescriptor",
        "getOwnPropertyDescriptors",
        "Symbol",
    ];

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ScriptNames(Node root)
    {
        var pending = new Stack<Node>();
        pending.Push(root);
        while (pending.TryPop(out var node))
        {
            Visit(node);
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
        ComputesNames |= Array.Exists(Reflective, _names.Contains);
    }

    /// <summary>Whether it computes the names of members, or reaches them by reflection.</summary>
    public bool ComputesNames { get; private set; }

    /// <summary>Whether a BigInt literal stands in it.</summary>
    public bool HasBigInt { get; private set; }

    /// <summary>Whether it may get hold of an error, whose text can be of any length.</summary>
    public bool MayHaveErrors { get; private set; }

    /// <summary>Whether a name stands in it, as an identifier or as a text, escapes resolved.</summary>
    public bool Contains(string name) => _names.Contains(name);

    private void Visit(Node node)
    {
        switch (node)
        {
            case Identifier identifier:
                _names.Add(identifier.Name);
                MayHaveErrors |= identifier.Name.EndsWith("Error", StringComparison.Ordinal) || identifier.Name is "then" or "catch";
                break;
            case StringLiteral literal:
                _names.Add(literal.Value);
                break;
            case CatchClause:
                MayHaveErrors = true;
                break;
            case BigIntLiteral:
                HasBigInt = true;
                break;
            case MemberExpression { Computed: true, Property: not (StringLiteral or NumericLiteral) }:
            case Property { Computed: true, Key: not (StringLiteral or NumericLiteral) }:
                ComputesNames = true;
                break;
        }
    }
}
