using FlowEngine.Context;

namespace FlowEngine.Templates;

/// <summary>
/// Shared and immutable: what a JMESPath expression costs at most for a value, found out by following through its tree how many values
/// of which
/// size reach each part. Only what is known here is taken: the syntax of jmespath.org with <c>items</c>, <c>from_items</c>,
/// <c>group_by</c>,
/// <c>zip</c>, <c>lower</c>, <c>upper</c> and <c>trim</c>; nothing that reads from anywhere but the current value.
/// </summary>
/// <remarks>The unit is a character; a value counts as eight. Factors were read off the source of JmesPath.Net 1.1.0, which copies values
/// wherever it puts them into a list or an object.</remarks>
internal sealed class JmesPathCost
{
    /// <summary>How much an evaluation may cost: some tenths of a second.</summary>
    public const double Limit = 20_000_000;

    /// <summary>What a value counts beside its characters.</summary>
    private const double Value = 8;

    private readonly Node _root;

    private JmesPathCost(Node root, IReadOnlyList<string> functions)
    {
        _root = root;
        Functions = functions;
    }

    /// <summary>The functions that the expression calls.</summary>
    public IReadOnlyList<string> Functions { get; }

    /// <summary>Parses an expression; null with the problem when it is refused.</summary>
    public static JmesPathCost? TryParse(string text, out string? problem)
    {
        var parser = new JmesPathParser(text);
        try
        {
            var root = parser.Parse();
            problem = null;
            return new JmesPathCost(root, [.. parser.Functions.Distinct()]);
        }
        catch (FormatException error)
        {
            problem = error.Message;
            return null;
        }
    }

    /// <summary>What it costs at most.</summary>
    public double Of(FlowValue input)
    {
        double size = 0,
            longest = 0;
        Measure(input, ref size, ref longest);
        var meter = new Meter { Work = size };
        _root.Follow(new Stream(1, size, longest), meter);
        return meter.Work;
    }

    private static void Measure(FlowValue value, ref double size, ref double longest)
    {
        size += Value;
        if (value.TryGetText(out var text))
        {
            size += text.Length;
            longest = Math.Max(longest, text.Length);
        }
        else if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
                Measure(item, ref size, ref longest);
        }
        else if (value.TryGetObject(out var members))
        {
            foreach (var (name, member) in members)
            {
                size += name.Length;
                longest = Math.Max(longest, name.Length);
                Measure(member, ref size, ref longest);
            }
        }
    }

    /// <summary>Per estimate: the work so far.</summary>
    internal sealed class Meter
    {
        public double Work { get; set; }
    }

    /// <summary>What reaches a part of the tree.</summary>
    /// <param name="Count">How many values it is evaluated for.</param>
    /// <param name="Size">How large they are together.</param>
    /// <param name="Longest">How long a text in them is at most.</param>
    internal readonly record struct Stream(double Count, double Size, double Longest)
    {
        /// <summary>Each element for itself.</summary>
        public Stream Elements => this with { Count = Count + Size / Value };

        /// <summary>A number or a boolean for each.</summary>
        public Stream Scalars => new(Count, Value * Count, 24);

        public Stream And(Stream other) => new(Math.Max(Count, other.Count), Size + other.Size, Math.Max(Longest, other.Longest));
    }

    /// <summary>Shared and immutable: a part of an expression.</summary>
    internal abstract record Node
    {
        /// <summary>What comes out of it; the work is added.</summary>
        public abstract Stream Follow(Stream input, Meter meter);
    }

    /// <summary>A name, an index or the current value: nothing is copied.</summary>
    internal sealed record Member : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            meter.Work += Value * input.Count;
            return input;
        }
    }

    internal sealed record Constant(int Length) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            meter.Work += Value * input.Count;
            return new(input.Count, input.Count * (Value + Length * Value), Length);
        }
    }

    /// <summary><c>[*]</c>, <c>*</c> and <c>[]</c>.</summary>
    internal sealed record Each : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            meter.Work += 2 * input.Size;
            return input.Elements;
        }
    }

    /// <summary>A slice, of a text too: there each character that is taken costs as much as the whole text.</summary>
    internal sealed record Slice(double Taken, double Steps) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            meter.Work += 2 * input.Size + input.Count * Steps + 4 * input.Size * Math.Min(input.Longest, Taken);
            return input.Elements;
        }
    }

    internal sealed record Filter(Node Condition) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            meter.Work += 2 * input.Size;
            Condition.Follow(input.Elements, meter);
            return input.Elements;
        }
    }

    /// <summary>One behind the other: <c>a.b</c>, <c>a[0]</c>, <c>a | b</c>.</summary>
    internal sealed record Chain(Node Left, Node Right) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            var between = Left.Follow(input, meter);
            meter.Work += between.Size;
            return Right.Follow(between, meter);
        }
    }

    /// <summary><c>||</c>, <c>&amp;&amp;</c>, comparisons and <c>!</c>.</summary>
    internal sealed record Logic(Node Left, Node? Right, bool IsComparison) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            var both = Left.Follow(input, meter);
            if (Right is not null)
                both = both.And(Right.Follow(input, meter));
            meter.Work += 2 * both.Size;
            return IsComparison ? input.Scalars : both;
        }
    }

    /// <summary><c>[a, b]</c> and <c>{x: a, y: b}</c>.</summary>
    internal sealed record Several(IReadOnlyList<Node> Parts, int NameLength) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            var all = new Stream(input.Count, input.Count * (Value + 2 * Value * Parts.Count + NameLength), input.Longest);
            foreach (var part in Parts)
                all = all.And(part.Follow(input, meter));
            meter.Work += 2 * all.Size;
            return all with { Count = input.Count };
        }
    }

    internal sealed record Call(JmesPathSignature Function, IReadOnlyList<Node> Arguments) : Node
    {
        public override Stream Follow(Stream input, Meter meter)
        {
            var given = new Stream[Arguments.Count];
            for (var i = 0; i < given.Length; i++)
            {
                if (i != Function.Expression)
                    given[i] = Arguments[i].Follow(input, meter);
            }
            var list = given.Length == 0 ? input : given[Function.Expression == 0 ? ^1 : 0];
            if (Function.Expression >= 0)
                given[Function.Expression] = Arguments[Function.Expression].Follow(list.Elements, meter);
            var all = given.Aggregate(new Stream(input.Count, Value * input.Count, 0), (sum, next) => sum.And(next));
            meter.Work += 4 * all.Size + Function.Work(all, given);
            return Function.Result(all with { Count = input.Count }, given);
        }
    }
}

/// <summary>Shared and immutable: a function of JMESPath, and what it costs.</summary>
/// <param name="Least">How many arguments it takes at least.</param>
/// <param name="Most">How many at most.</param>
/// <param name="Work">What it costs beside reading its arguments, of all arguments together and of each.</param>
/// <param name="Result">What it gives.</param>
internal sealed record JmesPathSignature(
    int Least,
    int Most,
    Func<JmesPathCost.Stream, JmesPathCost.Stream[], double> Work,
    Func<JmesPathCost.Stream, JmesPathCost.Stream[], JmesPathCost.Stream> Result
)
{
    /// <summary>Which argument is an expression for each element of the list that is the other; -1 for none.</summary>
    public int Expression { get; init; } = -1;

    /// <summary>The functions that are taken.</summary>
    public static IReadOnlyDictionary<string, JmesPathSignature> All { get; } =
        new Dictionary<string, JmesPathSignature>(StringComparer.Ordinal)
        {
            ["abs"] = Scalar(1),
            ["avg"] = Scalar(1),
            ["ceil"] = Scalar(1),
            ["floor"] = Scalar(1),
            ["length"] = Scalar(1, (all, _) => 8 * all.Size),
            ["sum"] = Scalar(1),
            ["to_number"] = Scalar(1),
            ["type"] = Scalar(1),
            // A text is looked for at each place of the other.
            ["contains"] = Scalar(2, (_, given) => given[0].Size * given[1].Longest / 4),
            ["starts_with"] = Scalar(2),
            ["ends_with"] = Scalar(2),
            ["join"] = new(2, 2, (_, given) => Joined(given), (all, given) => new(all.Count, Joined(given), Joined(given))),
            ["keys"] = Values(1),
            ["values"] = Values(1),
            ["items"] = Values(1),
            ["from_items"] = Values(1),
            ["to_array"] = Values(1),
            ["reverse"] = Values(1),
            ["max"] = Values(1),
            ["min"] = Values(1),
            ["sort"] = Values(1, Sorted),
            ["merge"] = Values(9),
            ["not_null"] = Values(9),
            ["zip"] = Values(9),
            ["map"] = Values(2) with { Least = 2, Expression = 0 },
            ["group_by"] = ByKey((_, _) => 0),
            ["sort_by"] = ByKey(Sorted),
            ["max_by"] = ByKey((_, _) => 0),
            ["min_by"] = ByKey((_, _) => 0),
            ["to_string"] = new(1, 1, (all, _) => 12 * all.Size, (all, _) => new(all.Count, 6 * all.Size, 6 * all.Size)),
            ["lower"] = Values(1),
            ["upper"] = Values(1),
            ["trim"] = Values(2, (_, given) => given.Length == 2 ? given[0].Size * given[1].Longest : 0),
        };

    private static JmesPathSignature Scalar(int arguments, Func<JmesPathCost.Stream, JmesPathCost.Stream[], double>? work = null) =>
        new(arguments, arguments, work ?? ((_, _) => 0), (all, _) => all.Scalars with { Longest = 64 });

    /// <summary>One that gives what it is given, in another order or with lists around it.</summary>
    private static JmesPathSignature Values(int most, Func<JmesPathCost.Stream, JmesPathCost.Stream[], double>? work = null) =>
        new(1, most, work ?? ((all, _) => 4 * all.Size), (all, _) => all with { Size = 4 * all.Size });

    private static JmesPathSignature ByKey(Func<JmesPathCost.Stream, JmesPathCost.Stream[], double> work) =>
        new(2, 2, work, (all, _) => all) { Expression = 1 };

    /// <summary>Comparing two texts takes far less for a character than anything else.</summary>
    private static double Sorted(JmesPathCost.Stream all, JmesPathCost.Stream[] given) => all.Size * Math.Log2(2 + all.Size) / 4;

    private static double Joined(JmesPathCost.Stream[] given) => given[1].Size + given[1].Size / 8 * given[0].Longest;
}
