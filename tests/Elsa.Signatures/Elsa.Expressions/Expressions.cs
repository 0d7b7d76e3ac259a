using Elsa.Expressions.Models;

namespace Elsa.Expressions.Contracts
{
    public interface IExpressionEvaluator
    {
        ValueTask<T?> EvaluateAsync<T>(
            Expression expression,
            ExpressionExecutionContext context,
            ExpressionEvaluatorOptions? options = null
        );
    }
}

namespace Elsa.Expressions.Models
{
    public partial class Expression
    {
        public string Type
        {
            get => throw null!;
            set => throw null!;
        }

        public object? Value
        {
            get => throw null!;
            set => throw null!;
        }
    }

    public class ExpressionEvaluatorOptions;

    public class ExpressionExecutionContext;

    public class MemoryBlock;
}
