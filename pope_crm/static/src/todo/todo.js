import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";
import {PhotoDialog} from "../photo/photo";

const TYPING = 250; // milliseconds without a key before people are looked for

export class Todo extends Component {
    static template = "pope_crm.Todo";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({cards: [], next: false, busy: false, text: "", people: [], found: false});
        this.lastSearch = new KeepLast();
        this.search = useDebounced(() => this.find(), TYPING);
        this.env.config.setDisplayName(_t("To Do"));
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("pope.todo", "get_cards", []));
    }

    // --- A person, and what one does with them ---

    async find() {
        const people = await this.lastSearch.add(this.orm.call("pope.todo", "find_people", [this.state.text]));
        Object.assign(this.state, {people, found: true});
    }

    onInput(ev) {
        Object.assign(this.state, {text: ev.target.value, found: false});
        this.search();
    }

    /** The record's own form: Odoo's first one of a project is that of a sales lead. */
    async openForm(model, id) {
        return this.action.doAction(await this.orm.call(model, "get_formview_action", [[id]]));
    }

    async note(person) {
        const action = await this.orm.call("res.partner", "action_pope_note_interaction", [[person.id]]);
        return this.action.doAction(action, {onClose: () => this.load()});
    }

    photograph(person) {
        this.dialog.add(PhotoDialog, {resModel: "res.partner", resId: person.id, onDone: () => this.load()});
    }

    noteCall() {
        return this.action.doAction("pope_crm.pope_intake_action_call", {onClose: () => this.load()});
    }

    // --- What waits ---

    count(card) {
        return card.more ? `${card.count}+` : card.count;
    }

    open(card, row) {
        if (card.open_method) {
            return this.run(card, row, card.open_method);
        }
        return this.openForm(card.model, row.id);
    }

    openAll(card) {
        return this.action.doAction(card.action);
    }

    async run(card, row, method) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const result = await this.orm.call(card.model, method, [[row.id]]);
            if (result && result.type) {
                return await this.action.doAction(result, {onClose: () => this.load()});
            }
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("pope_crm.todo", Todo);
