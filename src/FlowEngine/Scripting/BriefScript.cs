using Acornima;
using Acornima.Ast;

namespace FlowEngine.Scripting;

/// <summary>
/// Says of a script that it ends sooner than it could be handed to another thread: it is short, goes straight from its beginning to its
/// end, and calls only what takes a time in proportion to what it is given. Stateless.
/// </summary>
internal static class BriefScript
{
    private const int MaxNodes = 100;

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal)
    {
        "String",
        "Number",
        "Boolean",
        "parseInt",
        "parseFloat",
        "isNaN",
        "isFinite",
    };

    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal)
    {
        "trim",
        "trimStart",
        "trimEnd",
        "toLowerCase",
        "toUpperCase",
        "startsWith",
        "endsWith",
        "includes",
        "indexOf",
        "slice",
        "substring",
        "charAt",
        "charCodeAt",
        "at",
        "concat",
        "toString",
        "toFixed",
        "hasOwn",
        "isArray",
        "isInteger",
        "isFinite",
        "isNaN",
        "now",
        "abs",
        "ceil",
        "floor",
        "round",
        "trunc",
        "sign",
        "min",
        "max",
    };

    /// <summary>Looks at a script as it was wrapped: one function, whose body is the flow designer's.</summary>
    public static bool Is(Script script)
    {
        var functions = 0;
        var nodes = 0;
        var pending = new Stack<Node>();
        pending.Push(script);
        while (pending.TryPop(out var node))
        {
            if (++nodes > MaxNodes || (node is IFunction && ++functions > 1) || !IsAllowed(node))
                return false;
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
        return true;
    }

    private static bool IsAllowed(Node node) =>
        node switch
        {
            CallExpression call => call.Callee switch
            {
                Identifier function => Functions.Contains(function.Name),
                MemberExpression { Computed: false, Property: Identifier method } => Methods.Contains(method.Name),
                _ => false,
            },
            RegExpLiteral => false,
            // What is listed is made of these alone: no loop, no class, no iteration, no new, no yield.
            Script
            or FunctionExpression
            or ExpressionStatement
            or BlockStatement
            or ReturnStatement
            or IfStatement
            or VariableDeclaration
            or VariableDeclarator
            or ThrowStatement
            or EmptyStatement
            or Identifier
            or Literal
            or TemplateLiteral
            or TemplateElement
            or ObjectExpression
            or ArrayExpression
            or ConditionalExpression
            or BinaryExpression
            or UnaryExpression
            or AssignmentExpression
            or ChainExpression
            or MemberExpression
            or ObjectProperty => true,
            _ => false,
        };
}
