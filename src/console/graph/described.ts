import type { ActivityType, Setting } from '../api/types';
import { activities, type Activity, type Flow } from './flow';
import { isObject, objects, text } from './json';
import type { Catalogue } from './ports';

// What an activity is, as its type describes itself. No type is known by name.

export const typeOf = (item: Activity, catalogue: Catalogue): ActivityType | undefined => catalogue.types.get(text(item['type']));

/** The setting of a type that is edited so, such as "screen": the one that holds the id. */
export const settingFor = (type: ActivityType | undefined, editor: string): Setting | undefined =>
  type?.settings.find((setting) => setting.editor === editor);

const referred = (item: Activity, editor: string, catalogue: Catalogue): string => {
  const setting = settingFor(typeOf(item, catalogue), editor);
  return setting ? text(item[setting.name]) : '';
};

/** The id of the screen that an activity shows, or nothing. */
export const screenOf = (item: Activity, catalogue: Catalogue): string => referred(item, 'screen', catalogue);

/** The id of the flow that an activity enters, or nothing. */
export const flowOf = (item: Activity, catalogue: Catalogue): string => referred(item, 'flow', catalogue);

/** What is done for each item of a list: the activity inside one that goes through them. */
export const eachOf = (item: Activity): Activity | undefined => {
  const each = item['activity'];
  return isObject(each) && text(each['type']) ? each : undefined;
};

/** An activity, and those inside it that write into the context themselves. */
export const withBranches = (item: Activity): Activity[] => [item, ...objects(item['activities'])];

/** An activity, and those that stand inside it. */
export const withInner = (item: Activity): Activity[] => {
  const each = eachOf(item);
  return each ? [...withBranches(item), each] : withBranches(item);
};

/** Every activity of a flow, those inside others too. */
export const everyActivity = (flow: Flow): Activity[] => activities(flow).flatMap(withInner);
