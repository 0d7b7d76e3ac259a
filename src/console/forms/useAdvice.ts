import { useSchema } from './useSchema';

/** What to do about an error code, as the server says it; undefined where it says nothing, or the error's own message has it already. */
export function useAdvice(): (code: string, message?: string) => string | undefined {
  const advice = useSchema().data?.advice;
  return (code, message = '') => {
    const text = advice?.[code];
    return text !== undefined && !message.includes(text) ? text : undefined;
  };
}
