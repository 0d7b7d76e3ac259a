using DevLab.JmesPath.Expressions;
using DevLab.JmesPath.Functions;
using DevLab.JmesPath.Interop;
using DevLab.JmesPath.Utils;
using Newtonsoft.Json.Linq;

namespace FlowEngine.Templates;

/// <summary>
/// Per process and thread-safe: JmesPath.Net, with functions of our own where its own depend on the server's culture, sort 2.5 as 2,
/// fail for
/// whole numbers beyond 32 bits, or cost more than a sort should.
/// </summary>
internal static class JmesPathLibrary
{
    private static readonly DevLab.JmesPath.JmesPath Library = Create();

    public static JmesPathExpression Parse(string text) => Library.Parse(text);

    /// <summary>A token without a parent gets one where it is first used, and with it the values of the run that did: those that are
    /// shared get
    /// one of their own.</summary>
    public static void Anchor(JToken token)
    {
        // To be added, as an array would be copied.
        if (token.Parent is null)
            new JArray().Add(token);
    }

    /// <summary>Functions keep the last value that they saw, and are shared.</summary>
    public static void LetGo(IEnumerable<string> functions)
    {
        var repository = (IFunctionRepository)Library.FunctionRepository;
        foreach (var name in functions)
            repository[name].SetContext(null);
    }

    private static DevLab.JmesPath.JmesPath Create()
    {
        Anchor(JTokens.Null);
        Anchor(JTokens.True);
        Anchor(JTokens.False);
        var library = new DevLab.JmesPath.JmesPath();
        JmesPathFunction[] own =
        [
            new Own("lower", 1, args => Text(args[0]).ToLowerInvariant()),
            new Own("starts_with", 2, args => Text(args[0]).StartsWith(Text(args[1]), StringComparison.Ordinal)),
            new Own("ends_with", 2, args => Text(args[0]).EndsWith(Text(args[1]), StringComparison.Ordinal)),
            new Own("sort", 1, args => new JArray(Sorted(List(args[0]), item => item).Select(pair => pair.Item))),
            new Own("sort_by", 2, args => new JArray(Sorted(List(args[0]), Key(args[1])).Select(pair => pair.Item))),
            new Own("min", 1, args => Extreme(List(args[0]), item => item, -1)),
            new Own("max", 1, args => Extreme(List(args[0]), item => item, 1)),
            new Own("min_by", 2, args => Extreme(List(args[0]), Key(args[1]), -1)),
            new Own("max_by", 2, args => Extreme(List(args[0]), Key(args[1]), 1)),
        ];
        foreach (var function in own)
            library.FunctionRepository.Register(function.Name, function);
        return library;
    }

    private static string Text(JmesPathFunctionArgument argument) =>
        argument.Token is JValue { Value: string text } ? text : throw new FormatException("Not a text.");

    private static JArray List(JmesPathFunctionArgument argument) => argument.Token as JArray ?? throw new FormatException("Not a list.");

    private static Func<JToken, JToken> Key(JmesPathFunctionArgument argument) =>
        argument.IsExpressionType
            ? item => argument.Expression.Transform(item).AsJToken()
            : throw new FormatException("Not an expression.");

    private static IEnumerable<(JToken Key, JToken Item)> Sorted(JArray list, Func<JToken, JToken> key) =>
        Keyed(list, key).OrderBy(pair => pair.Key, Comparer<JToken>.Create(Compare));

    private static JToken Extreme(JArray list, Func<JToken, JToken> key, int sign)
    {
        var pairs = Keyed(list, key);
        if (pairs.Length == 0)
            return JTokens.Null;
        var best = pairs[0];
        foreach (var pair in pairs)
        {
            if (Compare(pair.Key, best.Key) * sign > 0)
                best = pair;
        }
        return best.Item;
    }

    private static (JToken Key, JToken Item)[] Keyed(JArray list, Func<JToken, JToken> key)
    {
        var pairs = list.Select(item => (Key: key(item), Item: item)).ToArray();
        var isText = pairs.Length > 0 && pairs[0].Key.Type == JTokenType.String;
        return Array.TrueForAll(
            pairs,
            pair => isText ? pair.Key.Type == JTokenType.String : pair.Key.Type is JTokenType.Integer or JTokenType.Float
        )
            ? pairs
            : throw new FormatException("Not all are texts, and not all are numbers.");
    }

    private static int Compare(JToken left, JToken right) =>
        left.Type == JTokenType.String ? CompareTexts((string)left!, (string)right!)
        : left.Type == JTokenType.Integer
        && right.Type == JTokenType.Integer
        && left is JValue { Value: long first }
        && right is JValue { Value: long second }
            ? first.CompareTo(second)
        : ((double)left).CompareTo((double)right);

    /// <summary>By code points, as JMESPath says; a surrogate stands for one beyond all other characters.</summary>
    private static int CompareTexts(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            if (left[i] != right[i])
                return char.IsSurrogate(left[i]) == char.IsSurrogate(right[i]) ? left[i].CompareTo(right[i])
                    : char.IsSurrogate(left[i]) ? 1
                    : -1;
        }
        return left.Length.CompareTo(right.Length);
    }

    /// <summary>Shared: a function that checks its arguments itself.</summary>
    private sealed class Own(string name, int count, Func<JmesPathFunctionArgument[], JToken> body) : JmesPathFunction(name, count)
    {
        public override void Validate(params JmesPathFunctionArgument[] args)
        {
            // Execute does.
        }

        public override JToken Execute(params JmesPathFunctionArgument[] args) => body(args);
    }
}
