import { and, asc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { PagingSwitch } from '../../domain/paging.ts';
import type { PagingTx } from '../../domain/store/paging.ts';
import { holdReasons } from '../../domain/store/paging.ts';
import type { Db } from './database.ts';
import { pageNotices, pages, pagingSwitches } from './schema/paging.ts';
import { tickets } from './schema/tickets.ts';
import { isUpAt } from './store-time.ts';

type PageTx = Pick<
  PagingTx,
  'addPage' | 'page' | 'openPages' | 'openPageOf' | 'ticketsWithDuePages' | 'changePage'
>;
type NoticeTx = Pick<PagingTx, 'addPageNotice' | 'pageNotice' | 'noticesOf'>;
type SwitchTx = Omit<PagingTx, keyof PageTx | keyof NoticeTx>;

export function pagingQueries(db: Db): PagingTx {
  return { ...pageQueries(db), ...noticeQueries(db), ...switchQueries(db) };
}

function pageQueries(db: Db): PageTx {
  return {
    async addPage(page) {
      const added = await db.insert(pages).values(page).onConflictDoNothing().returning({ id: pages.id });
      return added.length === 1;
    },

    async page(id) {
      const [row] = await db.select().from(pages).where(eq(pages.id, id));
      return row ?? null;
    },

    async openPages() {
      return db.select().from(pages).where(ne(pages.state, 'ended')).orderBy(asc(pages.startedAt));
    },

    async openPageOf(ticketId) {
      const isOpen = and(eq(pages.ticketId, ticketId), ne(pages.state, 'ended'));
      const [row] = await db.select().from(pages).where(isOpen).for('update');
      return row ?? null;
    },

    async ticketsWithDuePages(now, { stepMs, quietMs }) {
      const running = eq(pages.state, 'running');
      const longestMs = sql`case when ${pages.reason} = 'quiet-hours' then ${quietMs}::bigint else ${stepMs}::bigint end`;
      const isDue = or(isUpAt(pages.dueAt, now, longestMs), inArray(pages.reason, [...holdReasons]));
      const rows = await db
        .select({ ticketId: pages.ticketId })
        .from(pages)
        .innerJoin(tickets, eq(tickets.id, pages.ticketId))
        .where(and(ne(pages.state, 'ended'), or(and(running, isDue), ne(tickets.state, 'open'))));
      return rows.map((row) => row.ticketId);
    },

    async changePage(id, change) {
      await db.update(pages).set(change).where(eq(pages.id, id));
    },
  };
}

function noticeQueries(db: Db): NoticeTx {
  return {
    async addPageNotice(notice) {
      await db.insert(pageNotices).values(notice);
    },

    async pageNotice(id) {
      const [row] = await db.select().from(pageNotices).where(eq(pageNotices.id, id));
      return row ?? null;
    },

    async noticesOf(pageId) {
      return db
        .select()
        .from(pageNotices)
        .where(eq(pageNotices.pageId, pageId))
        .orderBy(asc(pageNotices.round), asc(pageNotices.step), asc(pageNotices.recipient));
    },
  };
}

function switchQueries(db: Db): SwitchTx {
  return {
    async pagingSwitches() {
      const { device, failure, until, by, at } = pagingSwitches;
      return db.select({ device, failure, until, by, at }).from(pagingSwitches).orderBy(asc(device));
    },

    async switchPagingOff(off) {
      await db.delete(pagingSwitches).where(isAbout(off));
      await db.insert(pagingSwitches).values(off);
    },

    async switchPagingOn(device, failure) {
      const about = failure === null ? eq(pagingSwitches.device, device) : isAbout({ device, failure });
      const gone = await db.delete(pagingSwitches).where(about).returning({ id: pagingSwitches.id });
      return gone.length > 0;
    },
  };
}

function isAbout({ device, failure }: Pick<PagingSwitch, 'device' | 'failure'>) {
  return and(
    eq(pagingSwitches.device, device),
    failure === null ? isNull(pagingSwitches.failure) : eq(pagingSwitches.failure, failure),
  );
}
