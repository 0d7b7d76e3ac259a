/** Keys by where they work, each with what it does. */
export const Shortcuts = ({ keys }: { keys: readonly [string, readonly [string, string][]][] }) => (
  <div className="shortcuts">
    {keys.map(([title, list]) => (
      <section key={title} aria-label={title}>
        <h3>{title}</h3>
        <dl>
          {list.map(([key, what]) => (
            <div key={key}>
              <dt>{key.split(', ').map((one, index) => <span key={one}>{index > 0 && ', '}<kbd>{one}</kbd></span>)}</dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
  </div>
);
