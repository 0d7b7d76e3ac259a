using System.Runtime.CompilerServices;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>
/// Per compilation: cuts long statements. Jint looks at its limits before a statement, and a statement of 64 KB can hold ten thousand
/// operators that each copy a text, or read a number out of one. So after a few of them a
/// call is put around the next, which looks at the limits and at the length of the result.
/// </summary>
/// <remarks>
/// An ordinary statement has few operators, and pays nothing. A template literal, which is put together without a look at the limits, is
/// cut into pieces. Patterns cannot be cut; one that takes apart too much is refused.
/// </remarks>
internal sealed class Checkpoints
{
    /// <summary>The name of the function; scripts may not use it.</summary>
    public const string Name = "$$check";

    /// <summary>How much may be done between two looks at the limits.</summary>
    private const int Work = 16;

    /// <summary>What may copy a text or an array.</summary>
    private const int Copy = Work / 2;

    /// <summary>How many values a piece of a template literal may have.</summary>
    private const int PieceValues = 8;

    private readonly List<KeyLimit.Insertion> _found = [];
    private readonly bool _appends;
    private int _work;
    private int _rests;

    private Checkpoints(bool appends) => _appends = appends;

    /// <summary>Finds what must be put into a script, in no order.</summary>
    /// <param name="root">The script.</param>
    /// <param name="insertions">What must be put in; null when the script cannot be cut.</param>
    /// <exception cref="InsufficientExecutionStackException">It nests too deeply.</exception>
    public static bool TryFind(Script root, out List<KeyLimit.Insertion> insertions)
    {
        var checkpoints = new Checkpoints(Any(root, static node => node is AssignmentExpression { Operator: Operator.AdditionAssignment }));
        checkpoints.Visit(root);
        insertions = checkpoints._found;
        return checkpoints._rests <= Work;
    }

    /// <summary>Gives an engine the function.</summary>
    public static void Install(Engine engine)
    {
        var check = new ClrFunction(engine, "", (_, arguments) => Check(engine, arguments.Length > 0 ? arguments[0] : JsValue.Undefined));
        engine.Global.FastSetProperty(Name, new PropertyDescriptor(check, writable: false, enumerable: false, configurable: false));
    }

    private static JsValue Check(Engine engine, JsValue value)
    {
        if (value is JsString { Length: > 512 } text)
        {
            if (text.Length > ScriptLimits.TextLength)
                throw ScriptGuards.TooLarge("A text of that length");
            // Flat: two texts that were appended to are compared piece by piece, over and over.
            value = new JsString(text.ToString());
        }
        engine.Constraints.Check();
        return value;
    }

    private static bool Any(Node root, Predicate<Node> predicate)
    {
        var pending = new Stack<Node>();
        pending.Push(root);
        while (pending.TryPop(out var node))
        {
            if (predicate(node))
                return true;
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
        return false;
    }

    private void Visit(Node node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (node)
        {
            case IFunction or Statement:
                // Jint looks at the limits before it: a region of its own. What stands around it goes on where it was.
                var outer = _work;
                _work = 0;
                VisitChildren(node);
                _work = outer;
                return;
            case TemplateLiteral template:
                VisitTemplate(template);
                return;
            case TaggedTemplateExpression tagged:
                Visit(tagged.Tag);
                VisitChildren(tagged.Quasi);
                _work += 2;
                return;
            case ChainExpression chain:
                VisitSpine(chain.Expression);
                return;
            case SpreadElement spread:
                Visit(spread.Argument);
                _work += Copy;
                if (_work >= Work)
                {
                    Surround(spread.Argument);
                    _work = Copy;
                }
                return;
            case RestElement:
                _rests++;
                _work += Copy;
                break;
            case BinaryExpression { Operator: Operator.Addition } addition:
                VisitAddition(addition);
                return;
            case BinaryExpression
            {
                Operator: Operator.Equality or Operator.Inequality or Operator.StrictEquality or Operator.StrictInequality
            } comparison when _appends && comparison.Left is not Literal && comparison.Right is not Literal:
                Visit(comparison.Left);
                Surround(comparison.Left);
                _work = 0;
                VisitPart(comparison.Right);
                return;
        }

        VisitChildren(node);
        _work += WorkOf(node);
        if (_work >= Work && CanSurround(node))
        {
            Surround(node);
            _work = 0;
        }
    }

    private void VisitChildren(Node node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (IsValue(node, child))
                VisitPart(child);
            else
                Visit(child);
        }
    }

    /// <summary>Visits a value, around which a call may stand whatever it is.</summary>
    private void VisitPart(Node node)
    {
        Visit(node);
        // A function or class gets its name from where it stands.
        if (_work >= Work && node is Expression and not (IFunction or IClass))
        {
            Surround(node);
            _work = 0;
        }
    }

    /// <summary>A chain of additions is one copy, made at its end.</summary>
    private void VisitAddition(BinaryExpression addition)
    {
        var first = addition.Left;
        var others = new Stack<Expression>();
        others.Push(addition.Right);
        while (first is BinaryExpression { Operator: Operator.Addition } inner)
        {
            others.Push(inner.Right);
            first = inner.Left;
        }
        Visit(first);
        foreach (var other in others)
            Visit(other);
        _work += Copy;
        if (_work >= Work)
        {
            Surround(addition);
            _work = 0;
        }
    }

    private void VisitTemplate(TemplateLiteral template)
    {
        var values = template.Expressions;
        for (var i = 0; i < values.Count; i++)
        {
            Visit(values[i]);
            if (values.Count > 1 && values[i] is not Literal)
            {
                Surround(values[i]);
                _work = 0;
            }
        }
        if (values.Count == 0)
            return;

        var cuts = 0;
        for (var i = PieceValues; i < values.Count; i += PieceValues, cuts++)
            _found.Add(new KeyLimit.Insertion(template.Quasis[i].Start, $"`))+`"));
        if (cuts > 0)
        {
            _found.Add(new KeyLimit.Insertion(template.Start, " (" + string.Concat(Enumerable.Repeat(Name + "((", cuts))));
            _found.Add(new KeyLimit.Insertion(template.End, ")"));
        }
        _work += Copy;
        if (_work >= Work)
        {
            Surround(template);
            _work = 0;
        }
    }

    /// <summary>What a chain of <c>?.</c> is made of: nothing may stand around a part of it, because that would end the chain.</summary>
    private void VisitSpine(Node node)
    {
        while (true)
        {
            switch (node)
            {
                case CallExpression call:
                    foreach (var argument in call.Arguments)
                        VisitPart(argument);
                    _work += 2;
                    node = call.Callee;
                    break;
                case MemberExpression member:
                    if (member.Computed)
                        VisitPart(member.Property);
                    _work++;
                    node = member.Object;
                    break;
                default:
                    Visit(node);
                    return;
            }
        }
    }

    private static int WorkOf(Node node) =>
        node switch
        {
            AssignmentExpression { Operator: Operator.AdditionAssignment } => Copy,
            AssignmentExpression { Operator: Operator.Assignment } => 0,
            LogicalExpression or UnaryExpression { Operator: Operator.LogicalNot or Operator.TypeOf or Operator.Void } => 0,
            BinaryExpression or UnaryExpression or UpdateExpression or AssignmentExpression => 1,
            CallExpression or NewExpression => 2,
            MemberExpression { Computed: true, Property: not Literal } or Property { Computed: true } => 1,
            _ => 0,
        };

    /// <summary>Whether a call may stand around it wherever it stands.</summary>
    private static bool CanSurround(Node node) =>
        node switch
        {
            CallExpression call => call.Callee is not Super,
            BinaryExpression or UnaryExpression or UpdateExpression or AssignmentExpression => true,
            _ => false,
        };

    /// <summary>Whether a child is a value that is only taken: no target, no name, nothing that is called.</summary>
    private static bool IsValue(Node parent, Node child) =>
        parent switch
        {
            ArrayExpression or SequenceExpression => child is not SpreadElement,
            CallExpression call => child != call.Callee && child is not SpreadElement,
            NewExpression creation => child != creation.Callee && child is not SpreadElement,
            ObjectProperty property => child == property.Value
                && !property.Shorthand
                && !property.Method
                && property.Kind == PropertyKind.Init,
            VariableDeclarator declarator => child == declarator.Init,
            AssignmentPattern pattern => child == pattern.Right,
            AssignmentExpression assignment => child == assignment.Right,
            SwitchCase or IfStatement or ReturnStatement => child is Expression,
            _ => false,
        };

    private void Surround(Node node)
    {
        // A blank, because a keyword may stand right before it; twice, for an expression with a comma.
        _found.Add(new KeyLimit.Insertion(node.Start, $" {Name}(("));
        _found.Add(new KeyLimit.Insertion(node.End, "))"));
    }
}
